"""Exercise: softmax along the last axis, safe for large numbers and for rows of −inf."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one difficulty after another."""
    yield Case("by hand", torch.tensor([1.0, 3.0]).log())
    yield Case("rows", normal(rng, 3, 4))
    yield Case("several axes", normal(rng, 2, 3, 2))
    yield Case("large numbers", torch.tensor([[1000.0, 1001.0], [-1000.0, -1001.0]]))
    yield Case("a masked score", torch.tensor([[-math.inf, 0.0, 1.0]]))
    yield Case("nothing to look at", torch.tensor([[-math.inf, -math.inf], [0.0, 1.0]]))


def overflowing(scores: Any) -> Any:
    """Exponentiate the scores as they come."""
    weights = scores.exp()
    total = weights.sum(-1, keepdim=True)
    return weights / total.masked_fill(total == 0, 1.0)


def first_axis(scores: Any) -> Any:
    """Sum along the first axis."""
    weights = (scores - scores.max()).exp()
    return weights / weights.sum(0, keepdim=True)


def one_total(scores: Any) -> Any:
    """Divide by the sum of everything."""
    weights = (scores - scores.max()).exp()
    return weights / weights.sum()


def no_exponential(scores: Any) -> Any:
    """Divide the scores themselves."""
    return scores / scores.sum(-1, keepdim=True)


def one_maximum(scores: Any) -> Any:
    """Take the largest score of all off every row."""
    weights = (scores - scores.max()).exp()
    total = weights.sum(-1, keepdim=True)
    return weights / total.masked_fill(total == 0, 1.0)


def not_a_number(scores: Any) -> Any:
    """Leave a row of −inf to 0 / 0."""
    return scores.softmax(-1)


EXERCISE = Exercise(
    name="softmax",
    points=2,
    difficulty=1,
    minutes=8,
    reference="course_lib.models.blocks.attention:softmax",
    cases=cases,
    compare=close(relative=1e-4, absolute=1e-6),
    mistakes=(
        Mistake("overflow", overflowing,
                "exp(1000) is inf, and inf / inf is nan; exp(-1000) is 0. Subtract each row's "
                "largest score first: the result is the same, and nothing overflows."),
        Mistake("the first axis", first_axis,
                "The columns sum to one. Each row holds the scores of one query, so the *last* "
                "axis must: sum(dim=-1, keepdim=True)."),
        Mistake("one total for all", one_total,
                "You divided by the sum of the whole tensor. Each row is a distribution of its "
                "own: sum along the last axis, keeping that axis."),
        Mistake("no exponential", no_exponential,
                "The scores were divided by their sum. Scores may be negative, and weights may "
                "not: take exp first."),
        Mistake("one maximum for all", one_maximum,
                "The largest score of the *whole* tensor was subtracted, so a row of small scores "
                "becomes exp(-2000) = 0 throughout. Take each row's own, along the last axis."),
        Mistake("a row of −inf gives nan", not_a_number,
                "A query that may see nothing has only −inf: −inf − (−inf) is nan. Where the "
                "largest is −inf subtract 0, and where the total is 0 divide by 1."),
    ),
    hints=(
        "What must each row sum to, and what happens to the result when you add the same number to "
        "every score of a row?",
        "Which two steps go wrong for a row that is −inf throughout: which subtraction, which "
        "division?",
        "largest = scores.amax(dim=-1, keepdim=True); put 0.0 where it is -inf (masked_fill); exp "
        "of the difference; divide by the sum along the last axis, with 1.0 where that is 0.",
    ),
)  # fmt: skip
