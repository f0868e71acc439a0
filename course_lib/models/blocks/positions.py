"""Positions that are added to the token vectors: sines of many wavelengths, or a learned table.

Attention sees a set, not a sequence: without positions, a shuffled sentence gives shuffled results
and nothing else. Rotary positions, which act inside attention instead, are in ``rotary``.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from course_lib.errors import InputError

WAVELENGTH = 10_000.0  # of Vaswani et al., 2017, section 3.5


def sinusoidal_positions(
    positions: Int[Tensor, "*batch time"], width: int
) -> Float[Tensor, "*batch time width"]:
    """Return the fixed vectors of Vaswani et al. (2017, https://arxiv.org/abs/1706.03762).

    Number 2i is sin(position / 10000^(2i / width)), number 2i + 1 the cosine of the same angle: a
    clock with a hand for each pair. Raises ``InputError`` for an odd width.

    >>> sinusoidal_positions(torch.tensor([0, 1]), 4).round(decimals=2).tolist()[0]
    [0.0, 1.0, 0.0, 1.0]
    """
    if width % 2:
        raise InputError("the width", expected="an even number", got=width)
    exponents = torch.arange(0, width, 2, device=positions.device, dtype=torch.float32) / width
    angles = positions[..., None].float() / WAVELENGTH**exponents
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2)


def with_sinusoids(
    x: Float[Tensor, "*batch time width"], positions: Int[Tensor, "*places time"]
) -> Float[Tensor, "*batch time width"]:
    """Return token vectors times √width, with the sinusoids of their positions added.

    Token vectors begin small; unscaled, sinusoids of size one would drown them (section 3.4).

    >>> with_sinusoids(torch.ones(1, 1, 4), torch.tensor([0])).tolist()
    [[[2.0, 3.0, 2.0, 3.0]]]
    """
    width = x.shape[-1]
    placed: Tensor = x * float(width**0.5) + sinusoidal_positions(positions, width).to(x.dtype)
    return placed


def left_padded_positions(seen: Int[Tensor, "batch time"]) -> Int[Tensor, "batch time"]:
    """Return each token's place in its own text, where ``seen`` is 0 on padding at the left.

    >>> left_padded_positions(torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1]])).tolist()
    [[0, 0, 0, 1], [0, 1, 2, 3]]
    """
    return (seen.cumsum(dim=-1) - 1).clamp(min=0)
