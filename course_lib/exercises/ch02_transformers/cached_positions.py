"""Exercise: the positions of new tokens, with a cache and padding at the left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield no cache, then a cache, then padding, then both."""
    yield Case("no cache", torch.ones(1, 3, dtype=torch.int64), 3)
    yield Case("a cache", torch.ones(1, 5, dtype=torch.int64), 1)
    yield Case("a cache", torch.ones(2, 6, dtype=torch.int64), 2)
    yield Case("padding", torch.tensor([[0, 0, 1, 1], [0, 1, 1, 1]]), 4)
    skipped = torch.tensor(rng.integers(1, 4, size=3))
    seen = (torch.arange(9) >= skipped[:, None]).long()
    yield Case("padding and a cache", seen, int(rng.integers(1, 4)))


def from_zero(seen: Any, new: int) -> Any:
    """Begin anew at each call."""
    import torch

    return torch.arange(new).repeat(seen.shape[0], 1)


def padding_as_places(seen: Any, new: int) -> Any:
    """Count the padding as text."""
    import torch

    total = seen.shape[1]
    return torch.arange(total - new, total).repeat(seen.shape[0], 1)


def from_one(seen: Any, new: int) -> Any:
    """Give the first token position 1."""
    return seen.cumsum(-1)[:, -new:]


def below_zero(seen: Any, new: int) -> Any:
    """Let the padding have position −1."""
    return (seen.cumsum(-1) - 1)[:, -new:]


def all_of_them(seen: Any, new: int) -> Any:
    """Return the positions of the cached tokens too."""
    return (seen.cumsum(-1) - 1).clamp(min=0)


def the_first_ones(seen: Any, new: int) -> Any:
    """Take the first columns."""
    return (seen.cumsum(-1) - 1).clamp(min=0)[:, :new]


EXERCISE = Exercise(
    name="cached_positions",
    points=2,
    difficulty=3,
    minutes=10,
    reference="course_lib.exercises.ch02_transformers.references:cached_positions",
    withhold=("course_lib.models.blocks.positions",),
    cases=cases,
    mistakes=(
        Mistake("from zero each time", from_zero,
                "The new tokens begin at 0 again, as if nothing had been read. With a cache they "
                "go on where it ends."),
        Mistake("padding counted", padding_as_places,
                "The padding was counted as text, so a short prompt begins at position 2 or 3. A "
                "text begins at 0, wherever it stands in the batch."),
        Mistake("counted from one", from_one,
                "cumsum gives 1 for the first token. Positions begin at 0: subtract 1."),
        Mistake("positions below zero", below_zero,
                "The padding got −1, which no table of positions has. Nobody looks at it, so any "
                "valid number will do: clamp(min=0)."),
        Mistake("the cached ones too", all_of_them,
                "These are the positions of all tokens. The cached ones have been read: give the "
                "last `new` columns only."),
        Mistake("the first columns", the_first_ones,
                "The new tokens are the *last* columns: [:, -new:]."),
    ),
    hints=(
        "Prompts *_ _ a b* and *_ c d e*: which position has *a*, which *e*?",
        "seen.cumsum(-1) counts the real tokens so far, this one included.",
        "(seen.cumsum(-1) - 1).clamp(min=0)[:, -new:]",
    ),
)  # fmt: skip
