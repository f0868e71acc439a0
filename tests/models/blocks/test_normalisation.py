import pytest
import torch
from torch import nn

from course_lib.models.blocks.activations import PLAIN, gelu, gelu_tanh, swiglu
from course_lib.models.blocks.normalisation import layer_norm, make_norm, rms_norm


@pytest.fixture
def x(generator):
    return 3 + 2 * torch.randn(2, 4, 6, generator=generator)


def test_layer_norm_by_hand():
    normed = layer_norm(
        torch.tensor([[1.0, 3.0], [2.0, 2.0]]), torch.ones(2), torch.tensor([0.0, 5.0])
    )
    torch.testing.assert_close(normed, torch.tensor([[-1.0, 6.0], [0.0, 5.0]]), atol=1e-4, rtol=0)


def test_layer_norm_equals_torchs(x, generator):
    module = make_norm("layer", 6, epsilon=0.1)
    nn.init.normal_(module.weight, generator=generator)
    nn.init.normal_(module.bias, generator=generator)
    torch.testing.assert_close(layer_norm(x, module.weight, module.bias, 0.1), module(x))


def test_rms_norm_equals_torchs(x, generator):
    module = make_norm("rms", 6, epsilon=0.1)
    nn.init.normal_(module.weight, generator=generator)
    torch.testing.assert_close(rms_norm(x, module.weight, 0.1), module(x))


def test_normed_vectors_have_mean_zero_and_spread_one(x):
    normed = layer_norm(x, torch.ones(6), epsilon=0.0)
    torch.testing.assert_close(normed.mean(-1), torch.zeros(2, 4), atol=1e-5, rtol=0)
    torch.testing.assert_close(normed.var(-1, unbiased=False), torch.ones(2, 4))


def test_a_layer_norm_without_bias_has_none():
    assert make_norm("layer", 4, epsilon=1e-5, bias=False).bias is None


@pytest.mark.parametrize(("ours", "name"), [(gelu, "gelu"), (gelu_tanh, "gelu_tanh")])
def test_gelu_equals_torchs(ours, name):
    x = torch.linspace(-6, 6, 101)
    torch.testing.assert_close(ours(x), PLAIN[name](x), atol=1e-6, rtol=1e-5)


def test_the_two_gelus_differ_by_less_than_a_thousandth_but_do_differ():
    x = torch.linspace(-6, 6, 1001)
    assert 1e-4 < (gelu(x) - gelu_tanh(x)).abs().max() < 1e-3


def test_swiglu_is_silu_times_value(x):
    torch.testing.assert_close(swiglu(x, x + 1), nn.functional.silu(x) * (x + 1))
