"""Exercise: rotary positions, the first half of a vector paired with the second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a pair, then two pairs, then more."""
    yield Case("position 0", torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([0]), 100.0)
    yield Case("one pair", torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 1]), 100.0)
    yield Case("two pairs", torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([2]), 100.0)
    places = torch.tensor(sorted(rng.choice(range(1, 40), 3, replace=False).tolist()))
    yield Case("several positions", normal(rng, 3, 6), places, 10_000.0)
    yield Case("several positions", normal(rng, 3, 8), places, 500.0)


def _tables(x: Any, positions: Any, base: float) -> tuple[Any, Any]:
    size = x.shape[-1]
    angles = positions[:, None].float() * base ** -(torch.arange(0, size, 2).float() / size)
    return angles.cos(), angles.sin()


def neighbours(x: Any, positions: Any, base: float) -> Any:
    """Pair neighbours, as the paper does."""
    cosine, sine = _tables(x, positions, base)
    first, second = x[..., 0::2], x[..., 1::2]
    turned = (first * cosine - second * sine, second * cosine + first * sine)
    return torch.stack(turned, dim=-1).flatten(-2)


def turned_back(x: Any, positions: Any, base: float) -> Any:
    """Turn the other way round."""
    cosine, sine = _tables(x, positions, base)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine + second * sine, second * cosine - first * sine], dim=-1)


def both_signs(x: Any, positions: Any, base: float) -> Any:
    """Add in both halves."""
    cosine, sine = _tables(x, positions, base)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine + second * sine, second * cosine + first * sine], dim=-1)


def one_angle_for_all(x: Any, positions: Any, base: float) -> Any:
    """Turn every pair alike."""
    angles = positions[:, None].float()
    first, second = x.chunk(2, dim=-1)
    cosine, sine = angles.cos(), angles.sin()
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def halves_exchanged(x: Any, positions: Any, base: float) -> Any:
    """Put the second half first."""
    cosine, sine = _tables(x, positions, base)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([second * cosine + first * sine, first * cosine - second * sine], dim=-1)


def two_forgotten(x: Any, positions: Any, base: float) -> Any:
    """Use i / size in place of 2i / size."""
    half = x.shape[-1] // 2
    return _turned(x, positions[:, None] * base ** -(torch.arange(half) / (2 * half)))


def power_not_inverted(x: Any, positions: Any, base: float) -> Any:
    """Multiply by the power."""
    size = x.shape[-1]
    return _turned(x, positions[:, None] * base ** (torch.arange(0, size, 2) / size))


def _turned(x: Any, angles: Any) -> Any:
    first, second = x.chunk(2, dim=-1)
    cosine, sine = angles.cos(), angles.sin()
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def by_complex_numbers(x: Any, positions: Any, base: float) -> Any:
    """Multiply complex numbers of absolute value 1."""
    size = x.shape[-1]
    speeds = 1.0 / base ** (torch.arange(0, size, 2) / size)
    angles = torch.outer(positions.float(), speeds)
    pairs = torch.complex(x[:, : size // 2].contiguous(), x[:, size // 2 :].contiguous())
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1)


def by_swapped_halves(x: Any, positions: Any, base: float) -> Any:
    """Add x · cos and (−second, first) · sin, in float64."""
    size = x.shape[-1]
    powers = torch.arange(size // 2, dtype=torch.float64) * (2 / size)
    angles = (positions[:, None] / base**powers).repeat(1, 2)
    swapped = torch.cat([-x[:, size // 2 :], x[:, : size // 2]], dim=-1)
    return x * angles.cos() + swapped * angles.sin()


EXERCISE = Exercise(
    name="rotate_halves",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch02_transformers.references:rotate_halves",
    withhold=("course_lib.models.blocks.rotary",),
    cases=cases,
    returns=TENSOR,
    alternatives=(by_complex_numbers, by_swapped_halves),
    not_by=("course_lib.models.blocks.rotary:rotate",),
    compare=close(relative=1e-3, absolute=1e-4),
    mistakes=(
        Mistake("neighbours paired", neighbours,
                "You paired neighbours (0 with 1), as the paper and GPT-J do. This exercise is "
                "Llama's way in Hugging Face: number i with number i + size / 2."),
        Mistake("turned backwards", turned_back,
                "The rotation goes the other way. (1, 0) at angle a becomes (cos a, + sin a)."),
        Mistake("both added", both_signs,
                "A rotation has one minus: first · cos − second · sin, second · cos + first · sin. "
                "With two plus signs the length changes."),
        Mistake("one angle for all pairs", one_angle_for_all,
                "Every pair turned at the same speed. Pair i turns by position · base^(−2i / "
                "size): the first fast, the last slowly."),
        Mistake("halves exchanged", halves_exchanged,
                "The halves came out in the other order: at position 0 nothing may change."),
        Mistake("the 2 forgotten", two_forgotten,
                "The exponent of pair i is 2i / size, so the last pair turns by nearly "
                "position / base. With i / size all of them stop at its root."),
        Mistake("the power not inverted", power_not_inverted,
                "Later pairs turn *more slowly*: base^(−2i / size), with a minus."),
    ),
    hints=(
        "Turn the point (1, 0) by the angle a: where is it then? And (0, 1)?",
        "x.chunk(2, dim=-1) gives the two halves; the angles are positions[:, None] times a power "
        "of the base for each pair. How many angles does a vector of size 4 need?",
        "angles = positions[:, None] * base ** -(torch.arange(0, size, 2) / size); then torch.cat "
        "of first · cos − second · sin and second · cos + first · sin.",
    ),
)  # fmt: skip
