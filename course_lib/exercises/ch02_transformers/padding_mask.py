"""Exercise: hide the padding of a batch from every query of every head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch02_transformers.drawing import whole
from course_lib.exercises.returned import BOOLEAN_TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one text, then a batch, then an empty text."""
    yield Case("one text", torch.tensor([2]), 4)
    yield Case("a batch", torch.tensor([1, 4, 2]), 4)
    yield Case("a batch", 1 + whole(rng, 5, 5), 7)
    yield Case("an empty text", torch.tensor([0, 3]), 3)


def inverted(lengths: Any, time: int) -> Any:
    """Say True on the padding."""
    return (torch.arange(time) >= lengths[:, None])[:, None, None, :]


def one_too_many(lengths: Any, time: int) -> Any:
    """See one place of padding."""
    return (torch.arange(time) <= lengths[:, None])[:, None, None, :]


def two_axes(lengths: Any, time: int) -> Any:
    """Leave the axes of heads and queries out."""
    return torch.arange(time) < lengths[:, None]


def queries_hidden(lengths: Any, time: int) -> Any:
    """Put the axis of keys in the place of the queries."""
    return (torch.arange(time) < lengths[:, None])[:, None, :, None]


def padded_left(lengths: Any, time: int) -> Any:
    """Look for the text at the right end."""
    return (torch.arange(time) >= time - lengths[:, None])[:, None, None, :]


def three_axes(lengths: Any, time: int) -> Any:
    """Leave the axis of heads out."""
    return (torch.arange(time) < lengths[:, None])[:, None, :]


def ones_and_zeros(lengths: Any, time: int) -> Any:
    """Return numbers in place of booleans."""
    return (torch.arange(time) < lengths[:, None])[:, None, None, :].float()


def by_repeating(lengths: Any, time: int) -> Any:
    """Count the places by cumsum."""
    places = torch.ones(len(lengths), 1, 1, time).cumsum(-1)
    return places <= lengths.view(-1, 1, 1, 1)


def text_by_text(lengths: Any, time: int) -> Any:
    """Fill one text after the other."""
    mask = torch.zeros(len(lengths), 1, 1, time, dtype=torch.bool)
    for row, length in zip(mask, lengths.tolist(), strict=True):
        row[..., :length] = True
    return mask


EXERCISE = Exercise(
    name="padding_mask",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.models.blocks.masks:padding_mask",
    cases=cases,
    returns=BOOLEAN_TENSOR,
    alternatives=(by_repeating, text_by_text),
    not_by=("course_lib.models:padding_mask", "course_lib.models.blocks.masks:padding_mask"),
    mistakes=(
        Mistake("inverted", inverted,
                "True stands on the padding. True means *may be seen*: the first `length` places."),
        Mistake("one place too many", one_too_many,
                "A text of length 2 has the places 0 and 1: compare with <, not <=."),
        Mistake("two axes only", two_axes,
                "The mask stands beside scores of (batch, heads, queries, keys). With two axes it "
                "would be read as (queries, keys): add the two in the middle, of size 1."),
        Mistake("queries hidden", queries_hidden,
                "You hid the *queries* of the padding. What must not happen is that a real word "
                "looks at padding: the lengths go along the last axis, the keys."),
        Mistake("padding at the left", padded_left,
                "The text was taken to be at the right end. Here it begins at place 0 and the "
                "padding follows."),
        Mistake("three axes only", three_axes,
                "(batch, 1, keys) beside scores of (batch, heads, queries, keys) puts the texts "
                "where the *heads* are. Two axes of size 1 must stand between: heads and queries."),
        Mistake("numbers, not booleans", ones_and_zeros,
                "These are numbers, 1 and 0. The cells below join masks by `&` and turn them by "
                "`~`: return the comparison itself, which is boolean."),
    ),
    hints=(
        "Write the mask of one text of length 2 in a batch of time 4 by hand. And of two texts?",
        "torch.arange(time) has a number for each place; lengths[:, None] one for each text, as a "
        "column. What does comparing the two give?",
        "mask = torch.arange(time) < lengths[:, None], and then mask[:, None, None, :].",
    ),
)  # fmt: skip
