"""Exercise: cut vectors into heads, and put the heads before the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch02_transformers.drawing import whole
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield numbers in order, so that a reader sees where they go; then drawn ones."""
    yield Case("one head", torch.arange(6.0).view(1, 3, 2), 1)
    yield Case("two heads", torch.arange(12.0).view(1, 3, 4), 2)
    yield Case("a batch", torch.arange(24.0).view(2, 3, 4), 2)
    batch, time, size = (int(n) for n in rng.permutation([2, 3, 5]))
    yield Case("more heads", whole(rng, 100, batch, time, 4 * size).float(), 4)


def only_viewed(x: Any, heads: int) -> Any:
    """Let view cut across the tokens."""
    return x.reshape(x.shape[0], heads, x.shape[1], x.shape[2] // heads)


def not_transposed(x: Any, heads: int) -> Any:
    """Leave the heads behind the time."""
    return x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] // heads)


def every_other_number(x: Any, heads: int) -> Any:
    """Deal the numbers out to the heads in turn."""
    return x.reshape(x.shape[0], x.shape[1], x.shape[2] // heads, heads).permute(0, 3, 1, 2)


def heads_before_batch(x: Any, heads: int) -> Any:
    """Put the heads first of all."""
    return x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] // heads).permute(2, 0, 1, 3)


def time_last(x: Any, heads: int) -> Any:
    """Put the time last, as keys transposed have it."""
    return x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] // heads).permute(0, 2, 3, 1)


def size_and_heads_exchanged(x: Any, heads: int) -> Any:
    """Cut pieces of as many numbers as there are heads."""
    return x.reshape(x.shape[0], x.shape[1], x.shape[2] // heads, heads).transpose(1, 2)


def by_stacking(x: Any, heads: int) -> Any:
    """Cut the last axis into chunks and stack them."""
    return torch.stack(x.chunk(heads, dim=-1), dim=1)


def piece_by_piece(x: Any, heads: int) -> Any:
    """Copy one head after the other."""
    batch, time, width = x.shape
    size = width // heads
    found = torch.empty(batch, heads, time, size, dtype=x.dtype)
    for head in range(heads):
        found[:, head] = x[:, :, head * size : (head + 1) * size]
    return found


EXERCISE = Exercise(
    name="split_heads",
    points=2,
    difficulty=3,
    minutes=10,
    reference="course_lib.models.blocks.attention:split_heads",
    cases=cases,
    returns=TENSOR,
    alternatives=(by_stacking, piece_by_piece),
    not_by=("course_lib.models.blocks.attention:split_heads",),
    mistakes=(
        Mistake("view without transpose", only_viewed,
                "The shape is right and the numbers are not: view reads them in order, so one "
                "head got whole tokens of the others. Make the heads an axis *behind* the time "
                "first, then transpose(1, 2)."),
        Mistake("not transposed", not_transposed,
                "The heads stand behind the time. Attention multiplies the last two axes, which "
                "must be time and size: transpose(1, 2)."),
        Mistake("numbers dealt out in turn", every_other_number,
                "Head 0 got every other number. A head is a *piece* of the vector: the first "
                "size numbers, then the next."),
        Mistake("heads before the batch", heads_before_batch,
                "The batch stays the first axis: (batch, heads, time, size)."),
        Mistake("time last", time_last,
                "(batch, heads, size, time) is how keys stand in the product, after a transpose of "
                "their own. Here size comes last."),
        Mistake("size and heads exchanged", size_and_heads_exchanged,
                "Each vector was cut into pieces of `heads` numbers. It must become `heads` "
                "pieces of width // heads numbers: the heads' axis comes first."),
    ),
    hints=(
        "One token has the numbers 0 1 2 3. Which of them belong to head 0, which to head 1?",
        "view(batch, time, heads, size) cuts each token by itself. Which two axes must then change "
        "places?",
        "x.view(batch, time, heads, width // heads).transpose(1, 2)",
    ),
)  # fmt: skip
