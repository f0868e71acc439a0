"""Exercise: softmax along the last axis, safe for large numbers and for rows of −inf."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one difficulty after another."""
    yield Case("by hand", torch.tensor([1.0, 3.0]).log())
    yield Case("rows", normal(rng, 3, 4))
    yield Case("several axes", normal(rng, 2, 2, 3).transpose(-2, -1))
    yield Case("large numbers", torch.tensor([[1000.0, 1001, 999], [-1000, -1001, -999]]))
    yield Case("a masked score", torch.tensor([[-math.inf, 0.0, 1.0]]))
    yield Case("masked beside scores below −10⁹", torch.tensor([[-2e9, -math.inf, -2e9]]))
    yield Case("nothing to look at", torch.tensor([[-math.inf] * 3, [0.0, 1.0, 2.0]]))


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
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights / weights.sum(-1, keepdim=True)


def large_negative(scores: Any) -> Any:
    """Put −10⁹ in place of −∞."""
    scores = scores.masked_fill(scores == -math.inf, -1e9)
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights / weights.sum(-1, keepdim=True)


def zero_is_nothing(scores: Any) -> Any:
    """Give a score of 0 no weight."""
    weights = row_by_row(scores) * (scores != 0)
    total = weights.sum(-1, keepdim=True)
    return weights / total.masked_fill(total == 0, 1.0)


def axis_dropped(scores: Any) -> Any:
    """Sum without keeping the axis."""
    largest = scores.amax(-1)
    weights = (scores - largest.masked_fill(largest == -math.inf, 0.0)).exp()
    total = weights.sum(-1)
    return weights / total.masked_fill(total == 0, 1.0)


def by_logarithm(scores: Any) -> Any:
    """Subtract the logarithm of the sum, in float64."""
    scores = scores.double()
    total = scores.logsumexp(-1, keepdim=True)
    return (scores - total.masked_fill(total == -math.inf, 0.0)).exp()


def row_by_row(scores: Any) -> Any:
    """Compute each row by Python's own numbers."""
    rows = []
    for row in scores.reshape(-1, scores.shape[-1]).tolist():
        largest = max(row) if max(row) > -math.inf else 0.0
        weights = [math.exp(score - largest) for score in row]
        rows.append([weight / (sum(weights) or 1.0) for weight in weights])
    return torch.tensor(rows).reshape(scores.shape)


EXERCISE = Exercise(
    name="softmax",
    points=2,
    difficulty=1,
    minutes=8,
    reference="course_lib.models.blocks.attention:softmax",
    cases=cases,
    returns=TENSOR,
    alternatives=(by_logarithm, row_by_row),
    not_by=(
        "torch:softmax", "torch:Tensor.softmax", "torch.nn.functional:softmax",
        "torch.special:softmax", "torch.nn:Softmax", "torch:log_softmax",
        "torch:Tensor.log_softmax", "torch.nn.functional:log_softmax",
        "torch.special:log_softmax", "torch.nn:LogSoftmax", "torch.nn.functional:softmin",
        "torch.nn:Softmin", "scipy.special:softmax", "scipy.special:log_softmax",
        "course_lib.models.blocks.attention:softmax",
    ),
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
        Mistake("−10⁹ is as good as −∞", large_negative,
                "−10⁹ was put where the score is −∞. A row of −10⁹ throughout gets equal weights, "
                "not zeros, and beside scores that are lower still it wins. exp(−∞) is 0."),
        Mistake("a score of 0 means no weight", zero_is_nothing,
                "exp(0) is 1: a score of 0 is an ordinary score, better than −1. Only −∞ has the "
                "weight 0."),
        Mistake("the summed axis dropped", axis_dropped,
                "sum(-1) and amax(-1) drop the axis, so the rest no longer stands against the "
                "rows. keepdim=True leaves it there with size 1."),
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
