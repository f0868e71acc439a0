"""Scaled dot-product attention: each query takes a weighted mean of the values.

    attention(Q, K, V) = softmax(Q Kᵀ / √d) V

The weights of a query are how well it fits each key; d is the size of one head, and without √d the
scores of wide heads would push softmax to where it has no gradient (Vaswani et al., 2017,
https://arxiv.org/abs/1706.03762). ``attention_by_definition`` is the formula; ``attention`` is the
same by PyTorch's kernel, which never writes the weights down and so needs no memory that grows with
the square of the length (Dao et al., 2022, https://arxiv.org/abs/2205.14135).
"""

from __future__ import annotations

import math
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from course_lib.errors import ShapeError
from course_lib.models.blocks.masks import causal_mask

FEW_KEYS = 256
"""Up to here the kernel's 16-bit gradient loses to float32 on a processor (measured: 1 to 5 ×)."""


def softmax(scores: Float[Tensor, "*axes keys"]) -> Float[Tensor, "*axes keys"]:
    """Return weights along the last axis that are positive and sum to one.

    A row's largest score is taken off first: the result is the same, and exp can't overflow. A row
    that is −inf throughout, which has nothing to look at, gets zeros instead of NaN.

    >>> import torch
    >>> softmax(torch.tensor([0.0, 0.0, -math.inf])).tolist()
    [0.5, 0.5, 0.0]
    """
    largest = scores.amax(dim=-1, keepdim=True)
    weights = (scores - largest.masked_fill(largest == -math.inf, 0.0)).exp()
    total = weights.sum(dim=-1, keepdim=True)
    return weights / total.masked_fill(total == 0, 1.0)


def attention_weights(
    q: Float[Tensor, "*batch query dim"],
    k: Float[Tensor, "*batch key dim"],
    mask: Bool[Tensor, "*mask"] | None = None,
) -> Float[Tensor, "*batch query key"]:
    """Return how much each query looks at each key; ``mask`` is True where it may.

    >>> import torch
    >>> q = k = torch.eye(2)
    >>> attention_weights(q, k, torch.tensor([[True, False], [True, True]]))[0].tolist()
    [1.0, 0.0]
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return softmax(scores)


def attention_by_definition(
    q: Float[Tensor, "*batch query dim"],
    k: Float[Tensor, "*batch key dim"],
    v: Float[Tensor, "*batch key value"],
    mask: Bool[Tensor, "*mask"] | None = None,
) -> Float[Tensor, "*batch query value"]:
    """Return softmax(Q Kᵀ / √d) V as the formula says; a query that may see nothing gets zeros.

    >>> import torch
    >>> v = torch.tensor([[2.0], [4.0]])
    >>> attention_by_definition(torch.zeros(1, 3), torch.zeros(2, 3), v).item()
    3.0
    """
    return attention_weights(q, k, mask) @ v


def attention(
    q: Float[Tensor, "batch heads query dim"],
    k: Float[Tensor, "batch kv_heads key dim"],
    v: Float[Tensor, "batch kv_heads key value"],
    mask: Bool[Tensor, "*mask"] | None = None,
    *,
    causal: bool = False,
    dropout: float = 0.0,
) -> Float[Tensor, "batch heads query value"]:
    """Return the same as ``attention_by_definition`` by the fastest kernel that PyTorch has.

    ``causal`` lets a query see its own place and those before, the last query being at the last
    key. With fewer heads of keys than of queries, each serves a group of neighbouring queries
    (Ainslie et al., 2023, https://arxiv.org/abs/2305.13245). Raises ``ShapeError`` when the groups
    don't come out even.

    >>> import torch
    >>> v = torch.arange(4.0).view(1, 1, 4, 1)
    >>> q = k = torch.zeros(1, 1, 4, 2)
    >>> attention(q, k, v, causal=True).flatten().tolist()
    [0.0, 0.5, 1.0, 1.5]
    """
    k, v = repeat_heads(k, q.shape[1]), repeat_heads(v, q.shape[1])
    queries, keys = q.shape[-2], k.shape[-2]
    if causal and queries == 1:
        causal = False  # the last place may see everything
    if causal and (mask is not None or queries != keys):
        earlier = causal_mask(queries, keys, device=q.device)
        mask, causal = earlier if mask is None else mask & earlier, False
    if mask is None:
        return _kernel(q, k, v, dropout_p=dropout, is_causal=causal)
    # A query that may see nothing would be 0 / 0: let it see everything, and drop what it saw.
    blind = ~mask.any(dim=-1, keepdim=True)
    return _kernel(q, k, v, dropout_p=dropout, attn_mask=mask | blind).masked_fill(blind, 0.0)


def _kernel(q: Tensor, k: Tensor, v: Tensor, **settings: Any) -> Tensor:
    """Call PyTorch's kernel, in float32 where its gradient in 16 bits would be slow."""
    if not _slow_in_16_bits(q, k):
        return functional.scaled_dot_product_attention(q, k, v, **settings)
    with torch.autocast("cpu", enabled=False):
        mixed = functional.scaled_dot_product_attention(q.float(), k.float(), v.float(), **settings)
    return mixed.to(q.dtype)


def _slow_in_16_bits(q: Tensor, k: Tensor) -> bool:
    """Return whether a processor is to take the gradient over few keys."""
    in_16_bits = q.dtype in (torch.bfloat16, torch.float16)
    return q.device.type == "cpu" and in_16_bits and q.requires_grad and k.shape[-2] <= FEW_KEYS


def repeat_heads(
    x: Float[Tensor, "batch kv_heads time dim"], heads: int
) -> Float[Tensor, "batch heads time dim"]:
    """Repeat each head of keys or values for the group of query heads that it serves.

    >>> import torch
    >>> repeat_heads(torch.tensor([1.0, 2.0]).view(1, 2, 1, 1), 4).flatten().tolist()
    [1.0, 1.0, 2.0, 2.0]
    """
    few = x.shape[1]
    if few == heads:
        return x
    if heads % few:
        raise ShapeError("the heads", expected=f"a multiple of {few} heads of keys", got=heads)
    return x.repeat_interleave(heads // few, dim=1)


def split_heads(
    x: Float[Tensor, "batch time width"], heads: int
) -> Float[Tensor, "batch heads time dim"]:
    """Cut each token's vector into ``heads`` pieces, and put the heads before the time.

    ``view`` alone would cut across tokens: the heads must become an axis first, then change places
    with the time. Raises ``ShapeError`` when the width is no multiple of the heads.

    >>> import torch
    >>> split_heads(torch.arange(8.0).view(1, 2, 4), heads=2)[0, 0].tolist()
    [[0.0, 1.0], [4.0, 5.0]]
    """
    batch, time, width = x.shape
    if width % heads:
        raise ShapeError("the width", expected=f"a multiple of {heads} heads", got=width)
    return x.view(batch, time, heads, width // heads).transpose(1, 2)


def join_heads(x: Float[Tensor, "batch heads time dim"]) -> Float[Tensor, "batch time width"]:
    """Put the heads' pieces of each token side by side again: what ``split_heads`` undid.

    >>> import torch
    >>> join_heads(split_heads(torch.arange(8.0).view(1, 2, 4), heads=2)).flatten().tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    return x.transpose(1, 2).flatten(2)
