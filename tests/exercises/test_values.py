from collections import Counter, OrderedDict, namedtuple

import numpy as np
import pytest
import torch

from course_lib.errors import InputError
from course_lib.exercises.values import plain

Point = namedtuple("Point", "x y")


class Shouting(str):
    def __str__(self):
        return self.upper()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (Point(1, 2), (1, 2)),
        (range(3), [0, 1, 2]),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (bytearray(b"ab"), b"ab"),
        (np.array(["a", "b"]), ["a", "b"]),
        ({"a": {1, 2}}, {"a": {1, 2}}),
    ],
)
def test_the_obvious_plain_form_is_taken(value, expected):
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)


def test_subclasses_of_text_lose_their_behaviour():
    assert type(plain(Shouting("a"))) is str


@pytest.mark.parametrize(
    "tensor",
    [
        torch.ones(2, requires_grad=True),
        torch.ones(2, dtype=torch.bfloat16),
        torch.ones(2).to_sparse(),
        torch.nn.Parameter(torch.ones(2)),
    ],
)
def test_tensors_become_arrays(tensor):
    np.testing.assert_array_equal(plain(tensor), np.ones(2))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((n for n in range(3)), "return list"),
        (len, "brackets"),
        (object(), "got an object"),
        (np.array([object()]), "dtype object"),
    ],
)
def test_what_has_no_plain_form_is_refused_with_a_remedy(value, words):
    with pytest.raises(InputError, match=words):
        plain(value)


def test_endless_nesting_is_refused():
    value = []
    value.append(value)
    with pytest.raises(InputError, match="levels of nesting"):
        plain(value)


def test_a_subclass_of_a_number_is_the_number_in_it():
    import enum

    class Side(enum.IntEnum):
        LEFT = 3

    class Meters(float):
        pass

    assert plain([Side.LEFT, Meters(2.5)]) == [3, 2.5]
    assert [type(value) for value in plain([Side.LEFT, Meters(2.5)])] == [int, float]
