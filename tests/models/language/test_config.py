import copy
import math

import numpy as np
import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import GPTConfig
from course_lib.models.blocks.rotary import RotaryScaling


def unchecked(config, **changes):
    """Return a config with fields of any type, past the type checker that the tests run under."""
    changed = copy.copy(config)
    for name, value in changes.items():
        object.__setattr__(changed, name, value)
    return changed


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"width": "64"}, "width: expected a whole number, got '64'"),
        ({"width": 64.0}, "width: expected a whole number"),
        ({"layers": True}, "layers: expected a whole number"),
        ({"kv_heads": 0}, "kv_heads: expected at least 1"),
        ({"kv_heads": -2}, "kv_heads: expected at least 1"),
        ({"hidden": -3}, "hidden: expected at least 1"),
        ({"head_size": 0}, "head_size: expected at least 1"),
        ({"positions": "rotatory"}, "positions: expected 'learned' or .* got 'rotatory'"),
        ({"norm": "batch"}, "norm: expected 'layer' or 'rms'"),
        ({"bias": "no"}, "bias: expected true or false"),
        ({"dropout": math.nan}, "dropout: expected a finite number"),
        ({"norm_epsilon": 0.0}, "norm_epsilon: expected more than 0"),
        ({"rotary_base": math.inf}, "rotary_base: expected a finite number"),
        ({"rotary_scaling": {"kind": "linear"}}, "rotary_scaling: expected a RotaryScaling"),
    ],
)
def test_what_is_no_size_or_no_choice_is_refused_before_anything_is_built(wrong, words):
    with pytest.raises(InputError, match=words):
        unchecked(GPTConfig.llama(), **wrong).__post_init__()


@pytest.mark.parametrize("family", [GPTConfig.gpt2, GPTConfig.llama])
def test_either_family_refuses_them(family):
    with pytest.raises(InputError, match="kv_heads: expected at least 1"):
        family(kv_heads=0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "yarn"}, "kind: expected 'linear' or 'llama3'"),
        ({"factor": 0.0}, "factor: expected more than 0"),
        ({"low": 4.0, "high": 1.0}, "low below high"),
    ],
)
def test_a_scaling_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(InputError, match=words):
        unchecked(RotaryScaling("linear", 2.0), **wrong).__post_init__()


def test_whole_numbers_of_numpy_and_whole_floats_for_floats_are_fine():
    config = unchecked(GPTConfig.gpt2(), width=np.int64(24), dropout=0)
    config.__post_init__()
    assert (config.width // config.heads, config.dropout) == (2, 0)


def test_the_hidden_width_of_llama_follows_the_width_unless_it_is_given():
    assert GPTConfig.llama(width=96, hidden=7).hidden_width == 7
    assert GPTConfig.llama(width=96).hidden_width == 256


def test_only_rotary_positions_turn():
    assert GPTConfig.gpt2().rotation(torch.arange(2)) is None
    assert GPTConfig.llama(heads=12).rotation(torch.arange(2)).cosine.shape == (2, 32)
