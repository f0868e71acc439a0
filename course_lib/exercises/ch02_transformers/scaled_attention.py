"""Exercise: scaled dot-product attention by its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a case by hand, then more queries, heads, masks."""
    q, k = (
        torch.tensor([[2 * math.log(3.0), 0, 0, 0]]),
        torch.tensor([[0.0, 9, 0, 0], [1, 0, 0, 0]]),
    )
    yield Case("by hand", q, k, torch.tensor([[8.0], [4.0]]))
    yield Case("more keys than queries", normal(rng, 2, 3), normal(rng, 5, 3), normal(rng, 5, 2))
    drawn = [normal(rng, 2, 2, 4, 3) for _ in range(3)]
    yield Case("batch and heads", *drawn)
    mask = torch.tensor([[True, False, False, True], [True, True, False, False],
                         [False, True, True, False], [True, True, True, False]])  # fmt: skip
    yield Case("a mask", *drawn, mask)
    blind = mask.clone()
    blind[2] = False
    yield Case("a query that sees nothing", *drawn, blind)


def _softmax(scores: Any) -> Any:
    return scores.softmax(-1).nan_to_num(0.0)


def unscaled(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Leave √d out."""
    scores = q @ k.transpose(-2, -1)
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def scaled_by_d(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Divide by d."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1]
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def scaled_by_keys(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Divide by the root of the number of keys."""
    scores = q @ k.transpose(-2, -1) / k.shape[-2] ** 0.5
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def softmax_over_queries(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Let the queries share each key."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-2).nan_to_num(0.0) @ v


def mask_inverted(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Hide what may be seen."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(mask, -math.inf)
    return _softmax(scores) @ v


def mask_added(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Add the mask as 0 and 1."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return _softmax(scores if mask is None else scores + mask) @ v


def mask_after_softmax(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Multiply the weights by the mask."""
    weights = _softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]))
    return (weights if mask is None else weights * mask) @ v


def nan_for_the_blind(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Let a query that sees nothing become nan."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


EXERCISE = Exercise(
    name="scaled_attention",
    points=3,
    difficulty=2,
    minutes=12,
    reference="course_lib.models.blocks.attention:attention_by_definition",
    cases=cases,
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("not scaled", unscaled,
                "The scores were not divided by √d. The products of long vectors are large, and "
                "softmax of large numbers is nearly all on one key, with no gradient."),
        Mistake("scaled by d", scaled_by_d,
                "You divided by d. A sum of d products of unit spread has the spread √d: that is "
                "what to divide by."),
        Mistake("scaled by the keys", scaled_by_keys,
                "You divided by the root of the number of *keys*. d is the length of one query: "
                "the last axis of q."),
        Mistake("softmax over the queries", softmax_over_queries,
                "The weights of one *key* sum to one. Each query shares out its own attention: "
                "softmax along the last axis, the keys."),
        Mistake("mask inverted", mask_inverted,
                "You hid what may be seen. Here True means *may be seen*: −inf goes where the mask "
                "is False, masked_fill(~mask, ...)."),
        Mistake("mask added", mask_added,
                "Adding True to a score adds 1: a hidden key still gets its share. Put −inf there, "
                "so that exp makes it 0."),
        Mistake("masked after softmax", mask_after_softmax,
                "Weights set to zero after softmax no longer sum to one. Mask the *scores*, "
                "before softmax."),
        Mistake("nan where nothing is seen", nan_for_the_blind,
                "A query that may see nothing gave nan, which would spread to the whole batch. "
                "nan_to_num(0.0) after softmax gives zeros there."),
    ),
    hints=(
        "How well does query i fit key j? Which product of matrices gives all these numbers at "
        "once?",
        "Four lines: scores, mask, softmax, mix. Which shape does each have?",
        "scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]); then masked_fill(~mask, "
        "-math.inf) if there is a mask; then scores.softmax(-1).nan_to_num(0.0) @ v.",
    ),
)  # fmt: skip
