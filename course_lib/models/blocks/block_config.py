"""The shape of one transformer block, whatever model it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from course_lib.errors import InputError
from course_lib.models.fields import check_fields, check_positive

Norm = Literal["layer", "rms"]
Activation = Literal["relu", "gelu", "gelu_tanh", "swiglu"]


@dataclass(frozen=True, kw_only=True)
class BlockConfig:
    """Every size and every choice of a ``Block``; raises ``InputError`` for what does not fit.

    ``width`` is the size of a token's vector, ``hidden`` the feed-forward layer's (by default four
    times the width). ``kv_heads`` fewer than ``heads`` share keys and values among groups of heads.
    ``qkv_bias`` follows ``bias`` unless it is given.

    >>> BlockConfig(width=64, heads=4).head_width, BlockConfig(heads=8, kv_heads=2).key_value_heads
    (16, 2)
    """

    heads: int = 12
    width: int = 768
    kv_heads: int | None = None
    head_size: int | None = None
    hidden: int | None = None
    norm: Norm = "layer"
    norm_first: bool = True
    norm_epsilon: float = 1e-5
    activation: Activation = "gelu_tanh"
    bias: bool = True
    qkv_bias: bool | None = None
    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_fields(self)
        check_positive(self, "heads", "width", "kv_heads", "head_size", "hidden", "norm_epsilon")
        if self.head_size is None and self.width % self.heads:
            expected = f"a multiple of {self.heads} heads"
            remedy = "or give head_size"
            raise InputError("the width", expected=expected, got=self.width, remedy=remedy)
        if self.heads % self.key_value_heads:
            expected = f"a divisor of {self.heads} heads"
            raise InputError("kv_heads", expected=expected, got=self.kv_heads)
        if not 0 <= self.dropout < 1:
            raise InputError("dropout", expected="from 0 to below 1", got=self.dropout)

    @property
    def head_width(self) -> int:
        """The size of one head's queries, keys and values."""
        return self.head_size or self.width // self.heads

    @property
    def key_value_heads(self) -> int:
        """How many heads of keys and values there are."""
        return self.kv_heads or self.heads

    @property
    def hidden_width(self) -> int:
        """The size of the feed-forward layer's inside."""
        return self.hidden or 4 * self.width
