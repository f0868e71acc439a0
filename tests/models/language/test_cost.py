import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import (
    GPT,
    GPTConfig,
    cache_bytes,
    count_flops,
    count_parameters,
    count_training_flops,
    measure_flops,
)
from tests.models.conftest import FAMILIES

MORE = [
    *FAMILIES.values(),
    GPTConfig.gpt2(vocabulary=9, context=8, layers=3, heads=2, width=8, hidden=12, bias=False),
    GPTConfig.llama(vocabulary=9, context=8, layers=1, heads=2, width=8, qkv_bias=True),
]


@pytest.mark.parametrize("config", MORE)
def test_counted_parameters_are_those_of_the_model(config):
    assert sum(count_parameters(config).values()) == GPT(config).count_parameters()


@pytest.mark.parametrize("config", MORE)
def test_counted_flops_are_those_that_torch_sees(config):
    model, ids = GPT(config), torch.zeros(3, 7, dtype=torch.long)
    measured = measure_flops(lambda: model(ids))
    assert sum(count_flops(config, batch=3, time=7).values()) == measured


def test_a_training_step_costs_three_forward_passes():
    config = FAMILIES["gpt2"]
    model, ids = GPT(config), torch.zeros(2, config.context, dtype=torch.long)
    measured = measure_flops(lambda: model(ids).sum().backward())
    assert count_training_flops(config, tokens=2 * config.context) == measured


def test_training_flops_are_about_six_times_parameters_times_tokens():
    config = GPTConfig.gpt2()
    parameters = sum(count_parameters(config).values())
    assert count_training_flops(config, tokens=1024) == pytest.approx(
        6 * parameters * 1024, rel=0.2
    )


def test_a_cache_takes_what_is_counted():
    config = FAMILIES["llama"]
    cache = GPT(config).new_cache(batch=3, capacity=10)
    assert cache.bytes == cache_bytes(config, batch=3, tokens=10, bytes_a_number=4)


def test_a_text_beyond_the_context_is_refused():
    with pytest.raises(InputError, match="at most 16 tokens"):
        count_flops(FAMILIES["gpt2"], time=17)
