import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError, ShapeError
from course_lib.models.blocks.attention import (
    FEW_KEYS,
    attention,
    attention_by_definition,
    attention_weights,
    join_heads,
    repeat_heads,
    softmax,
    split_heads,
)
from course_lib.models.blocks.masks import causal_mask, padding_mask, seen_keys

SIZE = st.integers(1, 6)


def qkv(seed, batch=2, heads=4, kv_heads=4, queries=5, keys=7, dim=3):
    generator = torch.Generator().manual_seed(seed)
    shapes = [
        (batch, heads, queries, dim),
        (batch, kv_heads, keys, dim),
        (batch, kv_heads, keys, 4),
    ]
    return [torch.randn(shape, generator=generator) for shape in shapes]


def test_attention_by_hand():
    # One query, d = 4: scores 0 and 2·ln 3 / √4 = ln 3, so the weights are 1/4 and 3/4.
    q = torch.tensor([[2 * math.log(3.0), 0.0, 0.0, 0.0]])
    k = torch.tensor([[0.0, 9.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    v = torch.tensor([[8.0], [4.0]])
    torch.testing.assert_close(attention_weights(q, k), torch.tensor([[0.25, 0.75]]))
    torch.testing.assert_close(attention_by_definition(q, k, v), torch.tensor([[5.0]]))


@given(st.integers(0, 99), SIZE, SIZE, st.sampled_from([1, 2, 4]), st.booleans(), st.booleans())
def test_the_fast_path_equals_the_definition(seed, queries, more, kv_heads, causal, masked):
    keys = queries + more - 1
    q, k, v = qkv(seed, kv_heads=kv_heads, queries=queries, keys=keys)
    seen = torch.rand(2, 1, 1, keys, generator=torch.Generator().manual_seed(seed)) < 0.6
    mask = seen if masked else None
    whole = torch.ones(queries, keys, dtype=torch.bool) if mask is None else mask
    if causal:
        whole = whole & causal_mask(queries, keys)
    expected = attention_by_definition(q, repeat_heads(k, 4), repeat_heads(v, 4), whole)
    got = attention(q, k, v, mask, causal=causal)
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)


def test_gradients_of_the_fast_path_equal_those_of_the_definition():
    mask = torch.rand(5, 7, generator=torch.Generator().manual_seed(1)) < 0.5
    mask[2] = False  # a query that sees nothing
    gradients = []
    for way in (attention, attention_by_definition):
        inputs = [one.requires_grad_() for one in qkv(3)]
        way(*inputs, mask).square().sum().backward()
        gradients.append([one.grad for one in inputs])
    for fast, slow in zip(*gradients, strict=True):
        torch.testing.assert_close(fast, slow, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("way", [attention, attention_by_definition])
def test_a_query_that_sees_nothing_gets_zeros_and_no_nan(way):
    q, k, v = (one.requires_grad_() for one in qkv(0))
    mask = torch.ones(2, 1, 5, 7, dtype=torch.bool)
    mask[1, :, 3] = False
    mixed = way(q, k, v, mask)
    mixed.sum().backward()
    assert (mixed[1, :, 3] == 0).all()
    assert mixed.isfinite().all()
    assert all(one.grad.isfinite().all() for one in (q, k, v))


def test_softmax_agrees_with_torch_and_stands_large_numbers():
    scores = torch.tensor([[1000.0, 1001.0, -math.inf], [-1000.0, 0.0, 3.0]])
    torch.testing.assert_close(softmax(scores), scores.softmax(-1))
    assert softmax(torch.full((2, 3), -math.inf)).tolist() == [[0.0] * 3] * 2


def test_a_causal_mask_with_a_cache_lets_the_last_query_see_everything():
    assert causal_mask(2, 4).tolist() == [[True] * 3 + [False], [True] * 4]
    with pytest.raises(InputError, match="at least 3"):
        causal_mask(3, 2)


def test_padding_masks_stop_at_each_rows_length():
    mask = padding_mask(torch.tensor([0, 2, 3]), 3)
    assert mask.shape == (3, 1, 1, 3)
    assert mask.sum(-1).flatten().tolist() == [0, 2, 3]
    assert torch.equal(mask, seen_keys(mask[:, 0, 0]))


@given(SIZE, SIZE, SIZE, SIZE)
def test_heads_joined_are_what_was_split(batch, time, heads, dim):
    x = torch.arange(batch * time * heads * dim * 1.0).view(batch, time, heads * dim)
    split = split_heads(x, heads)
    assert split.shape == (batch, heads, time, dim)
    assert torch.equal(split[:, heads - 1], x[..., -dim:])
    assert torch.equal(join_heads(split), x)


def test_heads_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match="a multiple of 3 heads, got 8"):
        split_heads(torch.zeros(1, 2, 8), 3)
    with pytest.raises(ShapeError, match="a multiple of 3 heads of keys, got 4"):
        repeat_heads(torch.zeros(1, 3, 2, 2), 4)


@pytest.mark.parametrize("keys", [FEW_KEYS, FEW_KEYS + 1])
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_in_16_bits_are_those_of_float32_but_for_rounding(keys, masked):
    exact = [part[:1, :2].requires_grad_() for part in qkv(3, queries=keys, keys=keys)]
    rounded = [part.detach().bfloat16().requires_grad_() for part in exact]
    mask = causal_mask(keys, keys) if masked else None
    with torch.autocast("cpu", torch.bfloat16):
        mixed = attention(*rounded, mask, causal=not masked)
    assert mixed.dtype == torch.bfloat16
    mixed.square().sum().backward()
    attention(*exact, causal=True).square().sum().backward()
    for one, other in zip(rounded, exact, strict=True):
        assert one.grad.dtype == torch.bfloat16
        error = (one.grad.float() - other.grad).norm() / other.grad.norm()
        assert error < 0.02


def test_few_keys_in_16_bits_are_looked_at_in_float32(monkeypatch):
    formats = []

    def kernel(q, k, v, **settings):
        formats.append((q.dtype, torch.is_autocast_enabled("cpu")))
        return v.mean(-2, keepdim=True).expand_as(q)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", kernel)
    for keys, learns in [(8, True), (8, False), (FEW_KEYS + 1, True)]:
        q = torch.ones(1, 1, keys, 4, dtype=torch.bfloat16, requires_grad=learns)
        with torch.autocast("cpu", torch.bfloat16):
            assert attention(q, q, q, causal=True).dtype == torch.bfloat16
    assert formats == [(torch.float32, False), (torch.bfloat16, True), (torch.bfloat16, True)]
