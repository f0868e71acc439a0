import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.plotting.canvas import OKABE_ITO, mark, numbers, text_columns, wrapped

anything = st.text(st.sampled_from("ab 我们\n。"), max_size=40)


def test_the_colours_are_eight_and_differ():
    assert len(set(OKABE_ITO)) == 8


def test_sixteen_series_have_sixteen_marks():
    assert len({mark(index) for index in range(16)}) == 16


@given(anything, st.integers(4, 20))
def test_wrapping_keeps_every_letter_in_order(text, columns):
    assert "".join(wrapped(text, columns).split()) == "".join(text.split())


@given(anything, st.integers(4, 20))
def test_a_line_longer_than_asked_is_a_single_word(text, columns):
    for line in wrapped(text, columns).split("\n"):
        assert text_columns(line) <= columns or (" " not in line.strip() and "我" not in line)


def test_a_formula_is_never_broken():
    assert "$a + b + c$" in wrapped("so we get $a + b + c$ there", 8)


@pytest.mark.parametrize("wrong", [[], [[1, 2]], 3])
def test_numbers_of_another_shape_are_refused(wrong):
    with pytest.raises(InputError, match="the losses"):
        numbers(wrong, "the losses")


def test_numbers_come_as_float64():
    assert numbers(np.array([1, 2], dtype=np.float16), "x").dtype == np.float64
