"""Exercise: the positions of new tokens, with a cache and padding at the left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.comparison import exactly
from course_lib.exercises.returned import INTEGER_TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield no cache, then a cache, then padding, then both."""
    yield Case("no cache", torch.ones(1, 3, dtype=torch.int64), 3)
    yield Case("a cache", torch.ones(1, 5, dtype=torch.int64), 1)
    yield Case("a cache", torch.ones(2, 6, dtype=torch.int64), 2)
    yield Case("padding", torch.tensor([[0, 0, 1, 1], [0, 1, 1, 1]]), 4)
    yield Case("padding and a cache", torch.tensor([[0, 1, 1, 1], [1, 1, 1, 1]]), 2)
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


def cache_not_counted(seen: Any, new: int) -> Any:
    """Count in the new columns alone."""
    return (seen[:, -new:].cumsum(-1) - 1).clamp(min=0)


def by_subtraction(seen: Any, new: int) -> Any:
    """Subtract each text's padding from the column's number."""
    import torch

    total = seen.shape[1]
    padding = total - seen.sum(-1, keepdim=True)
    return (torch.arange(total - new, total) - padding).clamp(min=0)


def text_by_text(seen: Any, new: int) -> Any:
    """Count each text by a loop."""
    rows = []
    for text in seen.tolist():
        places, count = [], 0
        for real in text:
            places.append(count if real else 0)
            count += real
        rows.append(places[-new:])
    return torch.tensor(rows)


def same_positions(got: Any, wrong: Any) -> str | None:
    """Tell two answers apart; they are alike if both, or one, put −1 on the padding."""
    if not (isinstance(got, np.ndarray) and isinstance(wrong, np.ndarray)):
        return exactly(got, wrong)
    return exactly(got.clip(min=0), wrong.clip(min=0))


EXERCISE = Exercise(
    name="cached_positions",
    points=2,
    difficulty=3,
    minutes=10,
    reference="course_lib.exercises.ch02_transformers.references:cached_positions",
    withhold=("course_lib.models.blocks.positions",),
    cases=cases,
    returns=INTEGER_TENSOR,
    alike=same_positions,
    alternatives=(by_subtraction, text_by_text),
    not_by=("course_lib.models.blocks.positions:left_padded_positions",),
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
        Mistake("the cache not counted", cache_not_counted,
                "You cut the new columns off first and counted within them, so what the cache "
                "holds is forgotten. Count over all of `seen`, then take the last columns."),
    ),
    hints=(
        "Prompts *_ _ a b* and *_ c d e*: which position has *a*, which *e*?",
        "seen.cumsum(-1) counts the real tokens so far, this one included.",
        "(seen.cumsum(-1) - 1).clamp(min=0)[:, -new:]",
    ),
)  # fmt: skip
