import numpy as np
import pytest

from course_lib.exercises import exactly
from course_lib.exercises.showing import shown, spelt_out


def test_texts_that_look_alike_are_told_apart():
    assert shown("cafe\u0301") == r"'cafe\u0301'"
    assert shown("caf\u00e9") == "'café'"
    assert exactly(["cafe\u0301"], ["caf\u00e9"]) == r"at [0]: got 'cafe\u0301', expected 'café'"


@pytest.mark.parametrize("text", ["café", "हिन्दी", "한국어", "普通话", "👩‍💻"])
def test_a_composed_text_stays_as_it_is(text):
    assert spelt_out(text) == text


def test_a_set_is_shown_in_one_order_only():
    assert shown({"c", "a", "b"}) == "{'a', 'b', 'c'}"
    assert shown(frozenset({2, 1})) == "{1, 2}"
    assert shown(set()) == "set()"


def test_rounding_errors_do_not_show():
    assert shown(-1.0000000000000027) == "-1"
    assert shown(0.1 + 0.2) == "0.3"
    assert shown(float("nan")) == "nan"


def test_a_long_list_says_which_part_is_shown():
    text = shown(list(range(1000)))
    assert len(text) < 310
    assert text == "[0 1 2 3 4 5 6 …]  [0:7] of 1000"


def test_a_matrix_says_its_shape():
    assert shown(np.zeros((2, 3))).endswith("shape (2, 3)")
