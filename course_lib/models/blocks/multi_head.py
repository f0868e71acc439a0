"""Multi-head attention as layers: a token looks at its own text, or at another one.

One wide matrix makes queries, keys and values for all heads at once, which is faster than three and
the same; the heads mix in one matrix at the end.
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from course_lib.errors import InputError
from course_lib.models.blocks.attention import (
    attention,
    attention_weights,
    join_heads,
    repeat_heads,
    split_heads,
)
from course_lib.models.blocks.cache import KVCache
from course_lib.models.blocks.masks import causal_mask
from course_lib.models.blocks.rotary import Rotation, rotate


class SelfAttention(nn.Module):
    """Each token looks at the tokens of its own text.

    ``kv_heads`` fewer than ``heads`` make it grouped-query attention, 1 multi-query attention.
    Raises ``InputError`` when the heads don't divide the width, or the groups come out uneven.

    >>> import torch
    >>> SelfAttention(8, heads=4, kv_heads=2)(torch.ones(1, 3, 8), causal=True).shape
    torch.Size([1, 3, 8])
    """

    def __init__(
        self,
        width: int,
        *,
        heads: int,
        kv_heads: int | None = None,
        head_width: int | None = None,
        bias: bool = True,
        qkv_bias: bool | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.heads, self.kv_heads = heads, kv_heads or heads
        if (width % heads and head_width is None) or heads % self.kv_heads:
            expected = f"heads that divide {width}, and kv_heads that divide the heads"
            raise InputError("the heads", expected=expected, got=(heads, self.kv_heads))
        self.head_width = head_width or width // heads
        both = heads + 2 * self.kv_heads
        qkv_bias = bias if qkv_bias is None else qkv_bias
        self.qkv = nn.Linear(width, both * self.head_width, bias=qkv_bias)
        self.project = nn.Linear(heads * self.head_width, width, bias=bias)
        self.dropout = dropout

    def forward(
        self,
        x: Float[Tensor, "batch time width"],
        mask: Bool[Tensor, "*mask"] | None = None,
        *,
        causal: bool = False,
        rotation: Rotation | None = None,
        cache: KVCache | None = None,
        layer: int = 0,
    ) -> Float[Tensor, "batch time width"]:
        """Return the mixed values; with a ``cache``, look at what is in it too."""
        q, k, v = self.queries_keys_values(x, rotation)
        if cache is not None:
            k, v = cache.extend(layer, k, v)
        dropout = self.dropout if self.training else 0.0
        mixed = attention(q, k, v, mask, causal=causal, dropout=dropout)
        projected: Tensor = self.project(join_heads(mixed))
        return projected

    def queries_keys_values(
        self, x: Float[Tensor, "batch time width"], rotation: Rotation | None = None
    ) -> tuple[
        Float[Tensor, "batch heads time dim"],
        Float[Tensor, "batch kv_heads time dim"],
        Float[Tensor, "batch kv_heads time dim"],
    ]:
        """Return the heads' queries and keys, turned by ``rotation``, and the values, never so."""
        widths = [heads * self.head_width for heads in (self.heads, self.kv_heads, self.kv_heads)]
        q, k, v = self.qkv(x).split(widths, dim=-1)
        q, k = split_heads(q, self.heads), split_heads(k, self.kv_heads)
        if rotation is not None:
            q, k = rotate(q, rotation), rotate(k, rotation)
        return q, k, split_heads(v, self.kv_heads)

    def weights(
        self,
        x: Float[Tensor, "batch time width"],
        mask: Bool[Tensor, "*mask"] | None = None,
        *,
        causal: bool = False,
        rotation: Rotation | None = None,
    ) -> Float[Tensor, "batch heads time time"]:
        """Return how much each token looks at each, for a figure: slow, by definition."""
        q, k, _ = self.queries_keys_values(x, rotation)
        if causal:
            earlier = causal_mask(x.shape[1], device=x.device)
            mask = earlier if mask is None else mask & earlier
        return attention_weights(q, repeat_heads(k, self.heads), mask)


class CrossAttention(nn.Module):
    """Each token looks at the tokens of another text: the target at the source.

    >>> import torch
    >>> cross = CrossAttention(8, heads=2)
    >>> cross(torch.ones(1, 3, 8), *cross.keys_values(torch.ones(1, 5, 8))).shape
    torch.Size([1, 3, 8])
    """

    def __init__(
        self,
        width: int,
        *,
        heads: int,
        head_width: int | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if width % heads and head_width is None:
            raise InputError("the heads", expected=f"a divisor of {width}", got=heads)
        self.heads, self.dropout = heads, dropout
        inside = heads * (head_width or width // heads)
        self.query = nn.Linear(width, inside, bias=bias)
        self.key_value = nn.Linear(width, 2 * inside, bias=bias)
        self.project = nn.Linear(inside, width, bias=bias)

    def keys_values(
        self, memory: Float[Tensor, "batch source width"]
    ) -> tuple[Float[Tensor, "batch heads source dim"], Float[Tensor, "batch heads source dim"]]:
        """Return the other text's keys and values, which stay the same while a target grows."""
        k, v = self.key_value(memory).chunk(2, dim=-1)
        return split_heads(k, self.heads), split_heads(v, self.heads)

    def forward(
        self,
        x: Float[Tensor, "batch time width"],
        k: Float[Tensor, "batch heads source dim"],
        v: Float[Tensor, "batch heads source dim"],
        mask: Bool[Tensor, "*mask"] | None = None,
    ) -> Float[Tensor, "batch time width"]:
        """Return the values of the other text, mixed for each token of this one."""
        q = split_heads(self.query(x), self.heads)
        dropout = self.dropout if self.training else 0.0
        projected: Tensor = self.project(join_heads(attention(q, k, v, mask, dropout=dropout)))
        return projected

    def weights(
        self,
        x: Float[Tensor, "batch time width"],
        memory: Float[Tensor, "batch source width"],
        mask: Bool[Tensor, "*mask"] | None = None,
    ) -> Float[Tensor, "batch heads time source"]:
        """Return how much each token looks at each of the other text: an alignment."""
        q = split_heads(self.query(x), self.heads)
        return attention_weights(q, self.keys_values(memory)[0], mask)
