import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course_lib.errors import InputError
from course_lib.training.averaging import WeightAverage


def _model(value):
    model = nn.Linear(2, 1)
    for parameter in model.parameters():
        parameter.data.fill_(value)
    return model


@given(st.floats(0, 0.999), st.integers(1, 30))
def test_the_average_of_equal_weights_is_that_weight(decay, updates):
    model = _model(3.0)
    average = WeightAverage(model, decay)
    for _ in range(updates):
        average.update(model)
    for value in average.weights().values():
        torch.testing.assert_close(value, torch.full_like(value, 3.0), rtol=1e-4, atol=1e-4)


def test_without_memory_it_is_the_last_weight():
    average = WeightAverage(_model(0.0), 0.0)
    average.update(_model(1.0))
    average.update(_model(7.0))
    assert average.weights()["weight"].tolist() == [[7.0, 7.0]]


def test_the_model_gets_its_own_weights_back_even_after_an_error():
    model = _model(1.0)
    average = WeightAverage(model, 0.5)
    average.update(_model(5.0))
    with pytest.raises(ZeroDivisionError), average.applied(model):
        raise_on(model.weight.tolist() == [[5.0, 5.0]])
    assert model.weight.tolist() == [[1.0, 1.0]]


def raise_on(lent):
    assert lent
    raise ZeroDivisionError


def test_an_average_of_nothing_is_refused():
    with pytest.raises(InputError, match="at least one update"):
        WeightAverage(_model(1.0)).weights()
    with pytest.raises(InputError, match="from 0 to below 1"):
        WeightAverage(_model(1.0), decay=1.0)


def test_an_update_is_that_of_the_formula_bit_for_bit_whatever_the_weights_are_in():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 5), nn.Linear(5, 2).bfloat16())
    average = WeightAverage(model, 0.9)
    expected = {name: torch.zeros(weight.shape) for name, weight in model.named_parameters()}
    for _ in range(3):
        with torch.no_grad():
            for name, weight in model.named_parameters():
                weight.add_(torch.randn_like(weight))
                expected[name].lerp_(weight.float(), 1 - 0.9)
        average.update(model)
    assert all(torch.equal(average.sums[name], one) for name, one in expected.items())
