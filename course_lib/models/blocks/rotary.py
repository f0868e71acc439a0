"""Rotary positions: turn each pair of a query's and a key's numbers by an angle that grows.

Pair *i* of a head of size d turns by position · base^(−2i/d). The product of a turned query with a
turned key depends on their distance alone, and values are never turned (Su et al., 2021,
https://arxiv.org/abs/2104.09864).

Which numbers make a pair is a convention. The paper, GPT-J and Meta's own Llama pair *neighbours*
(0 with 1, 2 with 3); GPT-NeoX and Hugging Face's Llama pair the two *halves* (0 with d/2). They are
the same model with the rows of its query and key matrices in another order
(``neighbours_to_halves``), and mixing them up ruins trained weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from course_lib.errors import InputError
from course_lib.models.fields import check_fields, check_positive

Pairing = Literal["halves", "neighbours"]


class Rotation(NamedTuple):
    """The cosine and the sine of every position's angles, and which numbers make a pair."""

    cosine: Float[Tensor, "*batch time half"]
    sine: Float[Tensor, "*batch time half"]
    pairing: Pairing = "halves"


@dataclass(frozen=True)
class RotaryScaling:
    """How a model trained on a short context turns on a longer one.

    ``linear`` slows every angle by ``factor`` (Chen et al., 2023, https://arxiv.org/abs/2306.15595).
    ``llama3`` leaves waves much shorter than the original context alone, slows those longer, and
    blends between (Llama 3.1's report, https://arxiv.org/abs/2407.21783). Raises ``InputError`` for
    another kind, and for numbers that make no sense.
    """

    kind: Literal["linear", "llama3"]
    factor: float
    low: float = 1.0
    high: float = 4.0
    original_context: int = 8192

    def __post_init__(self) -> None:
        check_fields(self)
        check_positive(self, "factor", "low", "original_context")
        if self.high <= self.low:
            got = f"low={self.low}, high={self.high}"
            raise InputError("the rotary scaling", expected="low below high", got=got)

    def apply(self, frequencies: Float[Tensor, " half"]) -> Float[Tensor, " half"]:
        """Return the frequencies that the longer context turns by."""
        slowed = frequencies / self.factor
        if self.kind == "linear":
            return slowed
        waves = self.original_context * frequencies / (2 * math.pi)  # how many fit the context
        kept = ((waves - self.low) / (self.high - self.low)).clamp(0, 1)
        return kept * frequencies + (1 - kept) * slowed


def rotary_rotation(
    positions: Int[Tensor, "*batch time"],
    size: int,
    *,
    base: float = 10_000.0,
    pairing: Pairing = "halves",
    scaling: RotaryScaling | None = None,
) -> Rotation:
    """Return the rotation of each position for heads of ``size`` numbers, in float32.

    Raises ``InputError`` for an odd size.

    >>> rotary_rotation(torch.arange(3), 4).cosine.shape
    torch.Size([3, 2])
    """
    if size % 2:
        raise InputError("the head's size", expected="an even number", got=size)
    exponents = torch.arange(0, size, 2, device=positions.device, dtype=torch.float32) / size
    frequencies = 1.0 / base**exponents  # not base**-exponents: far out, rounding would show
    if scaling is not None:
        frequencies = scaling.apply(frequencies)
    angles = positions[..., None].float() * frequencies
    return Rotation(angles.cos(), angles.sin(), pairing)


def rotate(
    x: Float[Tensor, "batch heads time size"], rotation: Rotation
) -> Float[Tensor, "batch heads time size"]:
    """Return queries or keys turned by their positions: the same length, the same type.

    >>> turned = rotate(torch.ones(1, 1, 3, 4), rotary_rotation(torch.arange(3), 4))
    >>> turned[0, 0, 0].tolist(), bool(turned[0, 0, 2].norm().isclose(torch.tensor(2.0)))
    ([1.0, 1.0, 1.0, 1.0], True)
    """
    # One table for the batch, or one a row where prompts begin at different places.
    cosine, sine = (table.unsqueeze(-3).to(x.dtype) for table in rotation[:2])
    if rotation.pairing == "halves":
        first, second = x.chunk(2, dim=-1)
    else:
        first, second = x[..., 0::2], x[..., 1::2]
    turned = (first * cosine - second * sine, second * cosine + first * sine)
    if rotation.pairing == "halves":
        return torch.cat(turned, dim=-1)
    return torch.stack(turned, dim=-1).flatten(-2)


def neighbours_to_halves(
    weight: Float[Tensor, "rows columns"], heads: int
) -> Float[Tensor, "rows columns"]:
    """Reorder a query's or key's matrix made for *neighbours* so that *halves* gives the same.

    >>> neighbours_to_halves(torch.arange(4.0)[:, None], heads=1).flatten().tolist()
    [0.0, 2.0, 1.0, 3.0]
    """
    rows, columns = weight.shape
    pairs = weight.view(heads, rows // heads // 2, 2, columns)
    return pairs.transpose(1, 2).reshape(rows, columns)
