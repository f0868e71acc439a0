"""Exercise: predict the shapes that attention goes through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.probes import item_of_answer
from course_lib.exercises.returned import DICT

Shapes = dict[str, tuple[int, ...]]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield each of the four shapes, for sizes that are all different."""
    sizes = [int(size) for size in rng.permutation([2, 3, 5, 7, 4])]
    for what in ("q", "scores", "mixed", "joined"):
        yield Case(f"the shape of {what}", *sizes).setting(item=what)


def scores_turned(batch: int, heads: int, queries: int, keys: int, size: int) -> Shapes:
    """Put the keys before the queries."""
    return {
        "q": (batch, heads, queries, size),
        "scores": (batch, heads, keys, queries),
        "mixed": (batch, heads, queries, size),
        "joined": (batch, queries, heads * size),
    }


def heads_last(batch: int, heads: int, queries: int, keys: int, size: int) -> Shapes:
    """Keep the heads behind the time."""
    return {
        "q": (batch, queries, heads, size),
        "scores": (batch, heads, queries, keys),
        "mixed": (batch, queries, heads, size),
        "joined": (batch, queries, heads * size),
    }


def mixed_like_keys(batch: int, heads: int, queries: int, keys: int, size: int) -> Shapes:
    """Give a mixture for each key."""
    return {
        "q": (batch, heads, queries, size),
        "scores": (batch, heads, queries, keys),
        "mixed": (batch, heads, keys, size),
        "joined": (batch, keys, heads * size),
    }


def heads_averaged(batch: int, heads: int, queries: int, keys: int, size: int) -> Shapes:
    """Join the heads without making the vector longer."""
    return {
        "q": (batch, heads, queries, size),
        "scores": (batch, heads, queries, keys),
        "mixed": (batch, heads, queries, size),
        "joined": (batch, queries, size),
    }


def heads_not_joined(batch: int, heads: int, queries: int, keys: int, size: int) -> Shapes:
    """Put the heads behind the queries, and leave them an axis."""
    return {
        "q": (batch, heads, queries, size),
        "scores": (batch, heads, queries, keys),
        "mixed": (batch, heads, queries, size),
        "joined": (batch, queries, heads, size),
    }


EXERCISE = Exercise(
    name="predicted_shapes",
    points=2,
    difficulty=2,
    minutes=8,
    kind="predict",
    reference="course_lib.exercises.ch02_transformers.references:predicted_shapes",
    cases=cases,
    returns=DICT,
    probe=item_of_answer,
    mistakes=(
        Mistake("scores turned", scores_turned,
                "Rows of the scores are queries, columns keys: q @ kᵀ is (queries, size) times "
                "(size, keys)."),
        Mistake("heads behind the time", heads_last,
                "The products run over the last two axes, so the heads must stand before the "
                "time: (batch, heads, queries, size)."),
        Mistake("a mixture for each key", mixed_like_keys,
                "weights @ v is (queries, keys) times (keys, size): the keys are summed away, and "
                "each *query* gets one mixture."),
        Mistake("heads averaged", heads_averaged,
                "The heads are put side by side, not averaged: the vector is heads · size long."),
        Mistake("heads not joined", heads_not_joined,
                "The transpose alone leaves the heads an axis. Side by side as one vector, they "
                "are heads · size numbers for each query."),
    ),
    hints=(
        "Which axes does a product of matrices use, and what happens to the others?",
        "(queries, size) @ (size, keys), then (queries, keys) @ (keys, size). The batch and the "
        "heads stay in front.",
        "scores: (batch, heads, queries, keys). Which two of these are left after weights @ v?",
    ),
)  # fmt: skip
