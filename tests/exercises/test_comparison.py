import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.exercises.comparison import close, exactly, in_any_order

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_every_value_equals_itself(value):
    assert exactly(value, value) is None


@given(st.lists(st.floats(allow_nan=True), min_size=1))
def test_a_list_an_array_and_a_tuple_of_the_same_numbers_are_equal(numbers):
    assert exactly(numbers, np.array(numbers)) is None
    assert exactly(np.array(numbers), tuple(numbers)) is None


@pytest.mark.parametrize(
    ("got", "expected", "difference"),
    [
        ([1, 2], [1, 2, 3], "got 2 items, expected 3"),
        (b"a", "a", "got bytes where text was expected"),
        ({"a": 1}, {"b": 1}, "the dict lacks 'b' and has 'a' too many"),
        ({"a": 1}, {}, "the dict has 'a' too many"),
        ({}, {"a": 1}, "the dict lacks 'a'"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "at ['a'][1]: got 2, expected 3"),
        ([["a"], ["b"]], [["a"], ["c"]], "at [1][0]: got 'b', expected 'c'"),
        ({1}, {1, 2}, "the set lacks 2"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "got shape (2, 3), expected (3, 2)"),
        (np.array([[1, 2], [3, 4]]), np.array([[1, 2], [5, 4]]), "at [1, 0]: got 3, expected 5"),
        (None, 3, "got None where a number was expected"),
        (3.0, 4, "got 3, expected 4"),
        ([], [1], "got 0 items, expected 1"),
    ],
)
def test_a_difference_says_what_came_and_what_was_expected(got, expected, difference):
    assert exactly(got, expected) == difference


def test_ragged_lists_are_compared_item_by_item():
    assert exactly([[1], [2, 3]], [[1], [2, 4]]) == "at [1][1]: got 3, expected 4"


def test_close_lets_small_errors_pass_and_large_ones_not():
    assert close(relative=1e-3)([[1.0, 2.001]], [[1.0, 2.0]]) is None
    assert close(relative=1e-4)([[1.0, 2.001]], [[1.0, 2.0]]) == "at [0, 1]: got 2.001, expected 2"


def test_close_reaches_into_dicts():
    assert close()({"loss": 0.5}, {"loss": 0.6}) == "at ['loss']: got 0.5, expected 0.6"


def test_order_may_be_free():
    assert in_any_order([2, 1, 1], [1, 2, 1]) is None
    assert in_any_order([2, 1], [1, 1]) is not None


def test_nan_equals_nan_and_nothing_else():
    assert exactly(float("nan"), float("nan")) is None
    assert exactly([float("nan")], [0.0]) is not None


def test_a_number_in_an_array_without_axes_is_a_number_with_its_tolerance():
    near = 0.1 + 1e-9
    pairs = [(near, np.array(0.1)), (np.array(near), 0.1), (np.array(near), np.array(0.1))]
    assert [close()(got, expected) for got, expected in pairs] == [None, None, None]
    assert exactly([np.array(2)], [2]) is None
    assert exactly(np.array(np.nan), np.array(np.nan)) is None
    assert exactly(np.array(2), [2]) == "got a number where a list was expected"
