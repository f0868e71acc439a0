import pytest
import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.models.blocks.feed_forward import FeedForward
from course_lib.models.blocks.multi_head import CrossAttention, SelfAttention


def test_self_attention_equals_torchs_module(generator):
    ours = SelfAttention(12, heads=3)
    theirs = nn.MultiheadAttention(12, 3, batch_first=True)
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = ours.qkv.weight.data, ours.qkv.bias.data
    theirs.out_proj.load_state_dict(ours.project.state_dict())
    x = torch.randn(2, 5, 12, generator=generator)
    hidden = torch.ones(5, 5, dtype=torch.bool).triu(1)
    expected, weights = theirs(x, x, x, attn_mask=hidden, average_attn_weights=False)
    torch.testing.assert_close(ours(x, causal=True), expected)
    torch.testing.assert_close(ours.weights(x, causal=True), weights)


def test_cross_attention_equals_torchs_module(generator):
    ours = CrossAttention(12, heads=3)
    theirs = nn.MultiheadAttention(12, 3, batch_first=True)
    theirs.in_proj_weight.data = torch.cat([ours.query.weight, ours.key_value.weight]).detach()
    theirs.in_proj_bias.data = torch.cat([ours.query.bias, ours.key_value.bias]).detach()
    theirs.out_proj.load_state_dict(ours.project.state_dict())
    x, memory = (torch.randn(2, time, 12, generator=generator) for time in (4, 6))
    seen = torch.tensor([[True] * 6, [True] * 3 + [False] * 3])
    expected, weights = theirs(
        x, memory, memory, key_padding_mask=~seen, average_attn_weights=False
    )
    mask = seen[:, None, None]
    torch.testing.assert_close(ours(x, *ours.keys_values(memory), mask), expected)
    torch.testing.assert_close(ours.weights(x, memory, mask), weights)


def test_grouped_queries_with_equal_groups_are_ordinary_heads(generator):
    grouped, plain = SelfAttention(8, heads=4, kv_heads=2), SelfAttention(8, heads=4)
    q, k, v = grouped.qkv.weight.detach().split([8, 4, 4])
    repeated = [one.view(2, 2, 8).repeat_interleave(2, dim=0).flatten(0, 1) for one in (k, v)]
    plain.qkv.weight.data = torch.cat([q, *repeated])
    bias = grouped.qkv.bias.detach().split([8, 4, 4])
    plain.qkv.bias.data = torch.cat(
        [bias[0], *(one.view(2, 2).repeat_interleave(2, dim=0).flatten() for one in bias[1:])]
    )
    plain.project.load_state_dict(grouped.project.state_dict())
    x = torch.randn(2, 5, 8, generator=generator)
    torch.testing.assert_close(grouped(x, causal=True), plain(x, causal=True))


@pytest.mark.parametrize("sizes", [{"heads": 3}, {"heads": 4, "kv_heads": 3}])
def test_heads_that_do_not_divide_are_refused(sizes):
    with pytest.raises(InputError, match="heads that divide 8"):
        SelfAttention(8, **sizes)
    with pytest.raises(InputError, match="a divisor of 8"):
        CrossAttention(8, heads=3)


def test_a_gated_layer_is_silu_of_the_gate_times_the_value(generator):
    layer = FeedForward(4, 6, activation="swiglu", bias=False)
    x = torch.randn(1, 3, 4, generator=generator)
    gate, value = (x @ half.t() for half in layer.expand.weight.chunk(2))
    expected = (nn.functional.silu(gate) * value) @ layer.project.weight.t()
    torch.testing.assert_close(layer(x), expected)


def test_an_unknown_activation_is_refused():
    with pytest.raises(Exception, match="activation"):
        FeedForward(4, 6, activation="selu")
