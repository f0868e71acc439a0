import math
import statistics

import pytest
import torch
from torch.nn import functional
from torch.nn.functional import softmax

from course_lib.exercises import Case
from course_lib.exercises.by_hand import NotByHandError, is_own, refusing
from course_lib.exercises.trying import tried

FORBIDDEN = ("torch.nn.functional:softmax", "torch:softmax", "torch:Tensor.softmax")


def by_module(x):
    return functional.softmax(x, -1)


def by_name(x):
    return softmax(x, -1)


def by_method(x):
    return x.softmax(-1)


def by_hand(x):
    weights = x.exp()
    return weights / weights.sum(-1, keepdim=True)


@pytest.mark.parametrize("answer", [by_module, by_name, by_method])
def test_a_call_that_is_the_answer_is_refused_however_it_is_reached(answer):
    with refusing(FORBIDDEN, answer), pytest.raises(NotByHandError, match="what you write here"):
        answer(torch.zeros(2))


@pytest.mark.parametrize("answer", [by_module, by_name, by_method])
def test_afterwards_everything_is_as_it_was(answer):
    before = functional.softmax, torch.softmax, torch.Tensor.softmax
    with refusing(FORBIDDEN, answer):
        assert by_hand(torch.zeros(2)).tolist() == [0.5, 0.5]
    assert (functional.softmax, torch.softmax, torch.Tensor.softmax) == before
    assert answer(torch.zeros(2)).tolist() == [0.5, 0.5]


def test_libraries_keep_the_calls():
    layer = torch.nn.Softmax(dim=-1)
    with refusing(FORBIDDEN, by_hand):
        assert layer(torch.zeros(2)).tolist() == [0.5, 0.5]


def test_making_an_object_of_a_class_is_refused_and_its_type_stays():
    def make():
        return statistics.NormalDist(0, 1)

    with refusing(("statistics:NormalDist",), make):
        with pytest.raises(NotByHandError):
            make()
        assert isinstance(statistics.NormalDist, type)
    assert make().mean == 0


def test_calls_that_do_not_exist_here_are_passed_over():
    with refusing(("no_such_package:call", "math:no_such_call"), by_hand):
        assert math.sqrt(4.0) == 2.0


def test_the_outcome_says_what_to_do():
    found = tried(by_module, lambda f, case: f(*case.arguments), Case("any", torch.zeros(2)),
                  FORBIDDEN)  # fmt: skip
    assert found.error.startswith("NotByHandError: torch.nn.functional.softmax")
    assert found.line == "return functional.softmax(x, -1)"


def test_code_of_packages_and_of_the_course_is_nobodys_own():
    assert is_own("<ipython-input-1>")
    assert is_own(__file__)
    assert not is_own(math.__spec__.origin if math.__spec__.has_location else statistics.__file__)
    assert not is_own(torch.__file__)
    assert not is_own(tried.__code__.co_filename)
