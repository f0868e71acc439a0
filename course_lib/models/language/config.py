"""The shape of a decoder-only transformer, as one frozen value.

Two families differ in few places, and each place is a field: GPT-2 (Radford et al., 2019) learns
its positions, centres its norms and bends with GELU; Llama (Touvron et al., 2023,
https://arxiv.org/abs/2302.13971) rotates, only scales, and gates with SwiGLU.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from jaxtyping import Int
from torch import Tensor

from course_lib.errors import InputError
from course_lib.models.blocks.block_config import BlockConfig
from course_lib.models.blocks.rotary import Pairing, RotaryScaling, Rotation, rotary_rotation
from course_lib.models.fields import check_positive

Positions = Literal["learned", "sinusoidal", "rotary", "none"]


@dataclass(frozen=True, kw_only=True)
class GPTConfig(BlockConfig):
    """Every size and every choice of a ``GPT``; raises ``InputError`` for what does not fit.

    ``context`` is the most tokens at once; what one block needs is in ``BlockConfig``.

    >>> GPTConfig.gpt2().head_width, GPTConfig.llama(heads=8, kv_heads=2).key_value_heads
    (64, 2)
    """

    vocabulary: int
    context: int = 1024
    layers: int = 12
    positions: Positions = "learned"
    tied: bool = True
    rotary_base: float = 10_000.0
    rotary_pairing: Pairing = "halves"
    rotary_scaling: RotaryScaling | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "vocabulary", "context", "layers", "rotary_base")
        if self.positions == "rotary" and self.head_width % 2:
            raise InputError("the head's width", expected="even, to rotate", got=self.head_width)

    def rotation(self, places: Int[Tensor, "*batch time"]) -> Rotation | None:
        """Return how queries and keys turn at these places, or ``None`` where they don't.

        >>> import torch
        >>> GPTConfig.gpt2().rotation(torch.arange(3)) is None
        True
        """
        if self.positions != "rotary":
            return None
        return rotary_rotation(
            places,
            self.head_width,
            base=self.rotary_base,
            pairing=self.rotary_pairing,
            scaling=self.rotary_scaling,
        )

    def check_length(self, tokens: int) -> None:
        """Raise ``InputError`` for more tokens than the context holds.

        >>> GPTConfig.gpt2().check_length(1024)
        """
        if tokens > self.context:
            raise InputError(
                "the text",
                expected=f"at most {self.context} tokens",
                got=tokens,
                remedy="cut it, or build a model with a longer context",
            )

    @classmethod
    def gpt2(cls, **changes: Any) -> GPTConfig:
        """Return GPT-2 small's shape (124 M parameters), with ``changes``.

        >>> GPTConfig.gpt2(layers=4, heads=4, width=128, context=64, vocabulary=4096).hidden_width
        512
        """
        return cls(**{"vocabulary": 50_257, **changes})

    @classmethod
    def llama(cls, **changes: Any) -> GPTConfig:
        """Return a small model of Llama's family (SwiGLU, RMSNorm, rotary), with ``changes``.

        Unless ``hidden`` is given it is 8/3 of the width, up to a multiple of 32, so that the three
        matrices of SwiGLU weigh as much as the two of GELU.

        >>> GPTConfig.llama(width=384, heads=6, vocabulary=4096).hidden_width
        1024
        """
        family: dict[str, Any] = {
            "vocabulary": 32_000,
            "positions": "rotary",
            "norm": "rms",
            "norm_epsilon": 1e-6,
            "activation": "swiglu",
            "bias": False,
            "tied": False,
        }
        shape = cls(**{**family, **changes})
        if changes.get("hidden") is not None:
            return shape
        return shape.with_changes(hidden=-(-8 * shape.width // 3 // 32) * 32)

    def with_changes(self, **changes: Any) -> GPTConfig:
        """Return a copy with some fields changed.

        >>> GPTConfig.gpt2().with_changes(dropout=0.1).dropout
        0.1
        """
        return dataclasses.replace(self, **changes)
