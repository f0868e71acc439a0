"""Exercise: clip gradients by their global norm."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY, SEQUENCE, each


def clip_gradients(gradients: list[Any], most: float) -> list[Any]:
    """Return the gradients, all scaled by one factor so that their joint norm is at most so long.

    >>> clip_gradients([np.array([3.0]), np.array([4.0])], 1.0)
    [array([0.6]), array([0.8])]
    """
    norm = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))
    scale = most / norm if norm > most else 1.0
    return [gradient * scale for gradient in gradients]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield 3, 4 and 5; then several tensors, short ones, zeros, and drawn ones."""
    yield Case("one tensor", [np.array([3.0, -4.0])], 1.0)
    yield Case("a joint norm", [np.array([2.0]), np.array([1.0, 2.0])], 1.5)
    yield Case("short enough", [np.array([0.3]), np.array([[0.4, 0.1]])], 1.0)
    yield Case("no gradient at all", [np.zeros(2), np.zeros((2, 2))], 1.0)
    drawn = [rng.normal(size=(3, 2)), 5 * rng.normal(size=4), 0.1 * rng.normal(size=2)]
    yield Case("drawn tensors", drawn, 0.7)


def _norm(gradients: list[Any]) -> float:
    return math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))


def tensor_by_tensor(gradients: list[Any], most: float) -> list[Any]:
    """Clip each tensor alone."""
    return [gradient * min(1.0, most / max(_norm([gradient]), 1e-12)) for gradient in gradients]


def always_so_long(gradients: list[Any], most: float) -> list[Any]:
    """Scale to the length, short or long."""
    scale = most / max(_norm(gradients), 1e-12)
    return [gradient * scale for gradient in gradients]


def value_by_value(gradients: list[Any], most: float) -> list[Any]:
    """Clip each number."""
    return [gradient.clip(-most, most) for gradient in gradients]


def sum_of_norms(gradients: list[Any], most: float) -> list[Any]:
    """Add the norms of the tensors."""
    norm = sum(_norm([gradient]) for gradient in gradients)
    return [gradient * min(1.0, most / max(norm, 1e-12)) for gradient in gradients]


def squared(gradients: list[Any], most: float) -> list[Any]:
    """Forget the root."""
    norm = _norm(gradients) ** 2
    return [gradient * min(1.0, most / max(norm, 1e-12)) for gradient in gradients]


def zero_below(gradients: list[Any], most: float) -> list[Any]:
    """Divide by a norm that may be 0."""
    scale = min(1.0, most / _norm(gradients))
    return [gradient * scale for gradient in gradients]


def largest_value(gradients: list[Any], most: float) -> list[Any]:
    """Take the largest number for the norm."""
    largest = max(float(abs(gradient).max()) for gradient in gradients)
    return [gradient * min(1.0, most / max(largest, 1e-12)) for gradient in gradients]


def into_the_given_ones(gradients: list[Any], most: float) -> list[Any]:
    """Scale the arrays that were handed in."""
    norm = _norm(gradients)
    for gradient in gradients if norm > most else ():
        gradient *= most / norm
    return gradients


def laid_end_to_end(gradients: list[Any], most: float) -> list[Any]:
    """Lay all out as one long vector."""
    length = np.linalg.norm(np.concatenate([np.ravel(gradient) for gradient in gradients]))
    factor = min(1.0, most / length) if length else 1.0
    return [factor * gradient for gradient in gradients]


def norm_of_norms(gradients: list[Any], most: float) -> list[Any]:
    """Take the norm of the tensors' norms."""
    length = math.hypot(*(float(np.sqrt(np.sum(np.square(one)))) for one in gradients))
    return [gradient / max(length / most, 1.0) for gradient in gradients]


EXERCISE = Exercise(
    name="clip_gradients",
    points=3,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch03_training.clip_gradients:clip_gradients",
    cases=cases,
    returns=each(ARRAY, SEQUENCE),
    alternatives=(laid_end_to_end, norm_of_norms),
    not_by=("course_lib.training:clip_global_norm", "torch.nn.utils:clip_grad_norm_",
            "course_lib.training.clipping:clip_global_norm",
            "torch.nn.utils.clip_grad:clip_grad_norm_"),
    compare=close(relative=1e-5, absolute=1e-8),
    mistakes=(
        Mistake("tensor by tensor", tensor_by_tensor,
                "Each tensor was clipped by its own norm, with a factor of its own, which turns "
                "the step into another direction. One norm and one factor for all."),
        Mistake("always so long", always_so_long,
                "Short gradients were stretched to the limit as well. Clipping only shortens: the "
                "factor is at most 1."),
        Mistake("value by value", value_by_value,
                "You limited every number. That bends the direction towards the diagonal; clipping "
                "by the norm keeps it."),
        Mistake("sum of norms", sum_of_norms,
                "The norm of all together is the root of the sum of *squares*, which is less than "
                "the sum of the norms."),
        Mistake("no root", squared,
                "The sum of squares is the squared norm. Take the root before you compare it."),
        Mistake("zero over zero", zero_below,
                "When every gradient is 0, the norm is 0, and you divide by it. Divide only when "
                "the norm is larger than the limit."),
        Mistake("the largest value", largest_value,
                "The largest number is another norm. Asked for is the Euclidean one: the root of "
                "the sum of all squares."),
        Mistake("the given arrays scaled", into_the_given_ones,
                "gradient *= factor writes into the arrays that you were handed. Asked for is a "
                "new list: gradient * factor."),
    ),
    hints=(
        "If all tensors were laid end to end as one long vector, how long would it be?",
        "Sum the squares of every tensor, then one root. When should the factor be 1?",
        "norm = math.sqrt(sum(float((g ** 2).sum()) for g in gradients)); scale = most / norm if "
        "norm > most else 1.0",
    ),
)  # fmt: skip
