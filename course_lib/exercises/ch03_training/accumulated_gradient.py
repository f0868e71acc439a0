"""Exercise: one gradient from several micro-batches, each token weighing the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def accumulated_gradient(gradients: list[Any], counts: list[int]) -> Any:
    """Return the gradient of the mean loss over all targets."""
    pairs = zip(gradients, counts, strict=True)
    return sum(gradient * count for gradient, count in pairs if count) / sum(counts)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield equal counts, unequal ones, one of nothing, and matrices."""
    yield Case("one micro-batch", [np.array([2.0, -4.0])], [7])
    yield Case("equal counts", [np.array([1.0]), np.array([3.0])], [5, 5])
    yield Case("unequal counts", [np.array([1.0]), np.array([3.0])], [30, 10])
    empty = np.full(2, np.nan)
    yield Case("a micro-batch of padding", [np.array([1.0, 2.0]), empty], [4, 0])
    drawn = [rng.normal(size=(2, 3)) for _ in range(4)]
    yield Case("drawn matrices", drawn, rng.integers(1, 50, size=4).tolist())


def mean_of_means(gradients: list[Any], counts: list[int]) -> Any:
    """Average the gradients."""
    kept = [gradient for gradient, count in zip(gradients, counts, strict=True) if count]
    return sum(kept) / len(kept)


def plain_sum(gradients: list[Any], counts: list[int]) -> Any:
    """Add as backward does."""
    return sum(gradient for gradient, count in zip(gradients, counts, strict=True) if count)


def not_divided(gradients: list[Any], counts: list[int]) -> Any:
    """Weigh and forget to divide."""
    pairs = zip(gradients, counts, strict=True)
    return sum(gradient * count for gradient, count in pairs if count)


def divided_by_batches(gradients: list[Any], counts: list[int]) -> Any:
    """Divide by the number of micro-batches, the empty ones too."""
    pairs = zip(gradients, counts, strict=True)
    return sum(gradient for gradient, count in pairs if count) / len(gradients)


def spoilt_by_nan(gradients: list[Any], counts: list[int]) -> Any:
    """Multiply nan by 0."""
    pairs = zip(gradients, counts, strict=True)
    return sum(gradient * count for gradient, count in pairs) / sum(counts)


def weighed_inversely(gradients: list[Any], counts: list[int]) -> Any:
    """Divide each gradient by its count."""
    pairs = [(g, count) for g, count in zip(gradients, counts, strict=True) if count]
    return sum(g / count for g, count in pairs) / sum(1 / count for _, count in pairs)


def summed_in_a_loop(gradients: list[Any], counts: list[int]) -> Any:
    """Add target by target's share, in a loop."""
    total = np.zeros_like(gradients[0], dtype=float)
    for gradient, count in zip(gradients, counts, strict=True):
        if count > 0:
            total = total + np.asarray(gradient, dtype=float) * (count / sum(counts))
    return total


def averaged_by_weights(gradients: list[Any], counts: list[int]) -> Any:
    """Stack what counts, and let NumPy weigh it."""
    kept = [place for place, count in enumerate(counts) if count]
    stacked = np.stack([gradients[place] for place in kept])
    return np.average(stacked, axis=0, weights=[counts[place] for place in kept])


EXERCISE = Exercise(
    name="accumulated_gradient",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch03_training.accumulated_gradient:accumulated_gradient",
    cases=cases,
    returns=ARRAY,
    alternatives=(summed_in_a_loop, averaged_by_weights),
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("mean of means", mean_of_means,
                "Each micro-batch weighs the same, so a token in a short one weighs more. Weigh "
                "each gradient by its count, and divide by all counts together."),
        Mistake("plain sum", plain_sum,
                "Calling backward several times adds up. Four micro-batches would make a step "
                "four times as long: what is wanted is a mean."),
        Mistake("not divided", not_divided,
                "Gradient × count is the gradient of the *summed* loss. Divide by the sum of the "
                "counts."),
        Mistake("divided by the micro-batches", divided_by_batches,
                "len(gradients) counts micro-batches, those of nothing but padding too. What "
                "should weigh the same is each target: use the counts."),
        Mistake("spoilt by nan", spoilt_by_nan,
                "The mean of no targets is 0 / 0 = nan, and 0 · nan is nan. Leave out what counts "
                "nothing."),
        Mistake("weighed inversely", weighed_inversely,
                "You divided each gradient by its count. A mean over few targets says less: "
                "multiply."),
    ),
    hints=(
        "Each gradient belongs to a mean over its count of targets. What is the gradient of the "
        "sum?",
        "Add up gradient × count, and divide once. Which micro-batch must not enter the sum?",
        "sum(g * n for g, n in zip(gradients, counts) if n > 0) / sum(counts)",
    ),
)  # fmt: skip
