"""Exercise: the sinusoidal positions of 2017."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import whole
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one clock hand, then several."""
    yield Case("position 0", torch.tensor([0]), 4)
    yield Case("width 2", torch.tensor([1, 2]), 2)
    yield Case("width 4", torch.tensor([0, 1, 30]), 4)
    yield Case("width 4", whole(rng, 50, 3), 4)
    yield Case("wider", 1 + whole(rng, 50, 4), int(rng.choice([6, 8, 10])))


def _angles(positions: Any, width: int, base: float = 10_000.0) -> Any:
    return positions[:, None].float() / base ** (torch.arange(0, width, 2).float() / width)


def in_two_blocks(positions: Any, width: int) -> Any:
    """Put all sines first."""
    angles = _angles(positions, width)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def cosines_first(positions: Any, width: int) -> Any:
    """Begin each pair with the cosine."""
    angles = _angles(positions, width)
    return torch.stack([angles.cos(), angles.sin()], dim=-1).flatten(-2)


def exponent_halved(positions: Any, width: int) -> Any:
    """Use i in place of 2i."""
    import torch

    angles = positions[:, None].float() / 10_000.0 ** (torch.arange(width // 2).float() / width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


def angle_of_each_number(positions: Any, width: int) -> Any:
    """Give sine and cosine of a pair different angles."""
    import torch

    angles = positions[:, None].float() / 10_000.0 ** (torch.arange(width).float() / width)
    even = torch.arange(width) % 2 == 0
    return torch.where(even, angles.sin(), angles.cos())


def multiplied(positions: Any, width: int) -> Any:
    """Multiply by the power."""
    import torch

    angles = positions[:, None].float() * 10_000.0 ** (torch.arange(0, width, 2).float() / width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


def counted_from_one(positions: Any, width: int) -> Any:
    """Call the first place 1."""
    angles = _angles(positions + 1, width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


def filled_in(positions: Any, width: int) -> Any:
    """Fill even and odd columns of an empty table, the powers by exp."""
    speeds = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    table = torch.empty(len(positions), width)
    table[:, 0::2] = torch.sin(positions[:, None] * speeds)
    table[:, 1::2] = torch.cos(positions[:, None] * speeds)
    return table


def number_by_number(positions: Any, width: int) -> Any:
    """Compute each number by itself."""
    turns = (math.sin, math.cos)
    rows = [
        [turns[n % 2](place / 10_000 ** ((n - n % 2) / width)) for n in range(width)]
        for place in positions.tolist()
    ]
    return torch.tensor(rows)


EXERCISE = Exercise(
    name="sinusoidal_positions",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.models.blocks.positions:sinusoidal_positions",
    cases=cases,
    returns=TENSOR,
    alternatives=(filled_in, number_by_number),
    not_by=(
        "course_lib.models:sinusoidal_positions",
        "course_lib.models.blocks.positions:sinusoidal_positions",
    ),
    compare=close(relative=1e-3, absolute=1e-4),
    mistakes=(
        Mistake("sines first, then cosines", in_two_blocks,
                "The sines stand in the first half and the cosines in the second. In the paper "
                "they take turns: number 2i is a sine, 2i + 1 the cosine of the same angle."),
        Mistake("cosines first", cosines_first,
                "Even numbers are sines: position 0 begins 0, 1, 0, 1."),
        Mistake("exponent i / width", exponent_halved,
                "The exponent of pair i is 2i / width. With i / width the waves reach only a "
                "length of 100, not 10,000."),
        Mistake("an angle for each number", angle_of_each_number,
                "The sine and the cosine of a pair share one angle: they are the two coordinates "
                "of one clock hand."),
        Mistake("multiplied", multiplied,
                "The position is *divided* by 10000^(2i / width): later pairs turn more slowly."),
        Mistake("counted from one", counted_from_one,
                "The positions are given; take them as they are. The first is 0."),
    ),
    hints=(
        "How many different angles are there for a width of 4? What do numbers 0 and 1 have in "
        "common?",
        "torch.arange(0, width, 2) / width are the exponents. Give positions an axis to stand "
        "against them: positions[:, None].",
        "angles = positions[:, None] / 10000 ** (torch.arange(0, width, 2) / width); then "
        "torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2).",
    ),
)  # fmt: skip
