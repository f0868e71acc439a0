"""Answers of chapter 02 that have no home of their own in the library."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from course_lib.models.blocks.attention import attention, join_heads, split_heads
from course_lib.models.blocks.positions import left_padded_positions
from course_lib.models.blocks.rotary import rotary_rotation, rotate
from course_lib.models.language import filters

Shape = tuple[int, ...]


def predicted_shapes(
    batch: int, heads: int, queries: int, keys: int, size: int
) -> dict[str, Shape]:
    """Return the shapes that attention goes through.

    >>> predicted_shapes(1, 2, 3, 4, 5)["joined"]
    (1, 3, 10)
    """
    return {
        "q": (batch, heads, queries, size),
        "scores": (batch, heads, queries, keys),
        "mixed": (batch, heads, queries, size),
        "joined": (batch, queries, heads * size),
    }


def multi_head(x: Tensor, w_qkv: Tensor, w_out: Tensor, heads: int) -> Tensor:
    """Return causal multi-head self-attention by plain matrices.

    >>> multi_head(torch.ones(1, 3, 4), torch.ones(4, 12), torch.eye(4), 2).shape
    torch.Size([1, 3, 4])
    """
    q, k, v = (split_heads(one, heads) for one in (x @ w_qkv).chunk(3, dim=-1))
    return join_heads(attention(q, k, v, causal=True)) @ w_out


def rotate_halves(x: Tensor, positions: Tensor, base: float) -> Tensor:
    """Return vectors (time, size) turned by their positions, first half paired with second.

    >>> rotate_halves(torch.ones(1, 4), torch.tensor([0]), 100.0).tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    """
    return rotate(x[None, None], rotary_rotation(positions, x.shape[-1], base=base))[0, 0]


def alibi_bias(heads: int, time: int) -> Tensor:
    """Return ALiBi's bias (heads, time, time): −slope · distance, and −inf for the future.

    >>> alibi_bias(1, 2)[0].tolist()
    [[-0.0, -inf], [-0.00390625, -0.0]]
    """
    slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
    places = torch.arange(time)
    distance = places[:, None] - places
    bias = -slopes[:, None, None] * distance
    return bias.masked_fill(distance < 0, -math.inf)


def gpt_stack(width: int, heads: int, hidden: int, layers: int) -> nn.TransformerEncoder:
    """Return a stack of blocks, batch first, that a causal mask makes a GPT.

    >>> len(gpt_stack(8, 2, 16, 3).layers)
    3
    """
    layer = nn.TransformerEncoderLayer(width, heads, hidden, batch_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def causal_reading(stack: nn.TransformerEncoder, x: Tensor) -> Tensor:
    """Return what the stack makes of x when no place sees a later one.

    >>> causal_reading(gpt_stack(8, 2, 16, 1), torch.ones(1, 3, 8)).shape
    torch.Size([1, 3, 8])
    """
    hidden = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(diagonal=1)
    read: Tensor = stack(x, mask=hidden)
    return read


def inputs_and_labels(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Return what a GPT reads, and what it has to predict at each place.

    >>> [one.tolist() for one in inputs_and_labels(torch.tensor([[1, 2, 3]]))]
    [[[1, 2]], [[2, 3]]]
    """
    return ids[:, :-1], ids[:, 1:]


def loss_per_token(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy over all labels that are not −100.

    >>> loss_per_token(torch.zeros(1, 2, 4), torch.tensor([[1, -100]])).round(decimals=3)
    tensor(1.3860)
    """
    return nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())


def gpt2_parameters(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Return the number of learned numbers of a GPT-2 of these sizes, head and embedding tied.

    >>> gpt2_parameters(50_257, 1024, 12, 768)
    124439808
    """
    norm = 2 * width
    attention_part = (width + 1) * 3 * width + (width + 1) * width
    feed_forward = (width + 1) * 4 * width + (4 * width + 1) * width
    block = 2 * norm + attention_part + feed_forward
    return vocabulary * width + context * width + layers * block + norm


def cached_positions(seen: Tensor, new: int) -> Tensor:
    """Return the positions of the last ``new`` tokens of texts padded at the left.

    >>> cached_positions(torch.tensor([[0, 1, 1, 1]]), 2).tolist()
    [[1, 2]]
    """
    return left_padded_positions(seen.long())[:, -new:]


def cached_attention(
    q: Tensor, k: Tensor, v: Tensor, old_k: Tensor, old_v: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what new tokens mix from a cache and each other, and the keys and values to keep.

    >>> one, three = torch.ones(1, 1, 1, 2), torch.ones(1, 1, 3, 2)
    >>> [tuple(part.shape) for part in cached_attention(one, one, one, three, three)]
    [(1, 1, 1, 2), (1, 1, 4, 2), (1, 1, 4, 2)]
    """
    k, v = torch.cat([old_k, k], dim=-2), torch.cat([old_v, v], dim=-2)
    return attention(q, k, v, causal=True), k, v


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Return the logits with −∞ outside the smallest set that reaches p; one token at p = 0.

    >>> keep_top_p(torch.tensor([[1.0, 2.0]]), 0.0).tolist()
    [[-inf, 2.0]]
    """
    kept: Tensor = filters.keep_top_k(logits, 1) if p == 0 else filters.keep_top_p(logits, p)
    return kept
