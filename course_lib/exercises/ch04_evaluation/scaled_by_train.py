"""Exercise: scale both sides of a split by what the training side alone tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close


def scaled_by_train(train: Any, test: Any) -> tuple[Any, Any]:
    """Return both scaled by the training columns' means and standard deviations."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return (train - mean) / spread, (test - mean) / spread


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one column by hand; then a test that lies elsewhere, a constant column, and more."""
    yield Case("by hand", np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]]))
    yield Case("columns of different size", np.array([[1.0, 100.0], [3.0, 500.0], [8.0, 0.0]]),
               np.array([[2.0, 300.0]]))  # fmt: skip
    yield Case("a constant column", np.array([[1.0, 7.0], [5.0, 7.0]]), np.array([[2.0, 9.0]]))
    yield Case("a test that lies elsewhere", rng.normal(size=(4, 3)), 5 + rng.normal(size=(3, 3)))


def _by(mean: Any, spread: Any, *sides: Any) -> tuple[Any, ...]:
    spread = np.where(spread == 0, 1.0, spread)
    return tuple((side - mean) / spread for side in sides)


def by_everything(train: Any, test: Any) -> Any:
    """Learn mean and spread from both sides together."""
    everything = np.concatenate([train, test])
    return _by(everything.mean(axis=0), everything.std(axis=0), train, test)


def each_by_itself(train: Any, test: Any) -> Any:
    """Scale each side by its own numbers."""
    scaled = []
    for side in (train, test):
        spread = side.std(axis=0)
        spread[spread == 0] = 1.0
        scaled.append((side - side.mean(axis=0)) / spread)
    return tuple(scaled)


def test_as_it_was(train: Any, test: Any) -> Any:
    """Scale the training side alone."""
    spread = train.std(axis=0)
    spread[spread == 0] = 1.0
    return (train - train.mean(axis=0)) / spread, test


def one_scale_for_all(train: Any, test: Any) -> Any:
    """Take one mean and one spread for all columns."""
    return _by(train.mean(), train.std(), train, test)


def zero_over_zero(train: Any, test: Any) -> Any:
    """Divide by a spread of zero."""
    with np.errstate(all="ignore"):
        mean, spread = train.mean(axis=0), train.std(axis=0)
        return (train - mean) / spread, (test - mean) / spread


def by_variance(train: Any, test: Any) -> Any:
    """Divide by the variance."""
    return _by(train.mean(axis=0), train.var(axis=0), train, test)


EXERCISE = Exercise(
    name="scaled_by_train",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.exercises.ch04_evaluation.scaled_by_train:scaled_by_train",
    cases=cases,
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("learnt from everything", by_everything,
                "Mean and spread were taken from both sides together, so the training knows where "
                "the test lies. When the model is used, those examples are not there yet."),
        Mistake("each side by itself", each_by_itself,
                "The test was scaled by its own numbers: a shift of the test disappears, and a "
                "single example becomes 0. Use what the training taught, for both sides."),
        Mistake("test not scaled", test_as_it_was,
                "The test came back as it was. The model has learnt on scaled numbers and needs "
                "the same scale again."),
        Mistake("one scale for all columns", one_scale_for_all,
                "One mean for the whole table mixes metres with grams. Take mean and spread "
                "column by column: axis=0."),
        Mistake("zero over zero", zero_over_zero,
                "A column that never changes has spread 0, and 0 / 0 is nan. Divide by 1 there."),
        Mistake("variance for deviation", by_variance,
                "You divided by the variance. The standard deviation is its root, in the unit of "
                "the column itself."),
    ),
    hints=(
        "Which numbers would you know on the day before the test examples arrive?",
        "Each column has its mean and its standard deviation: train.mean(axis=0), "
        "train.std(axis=0). Which of the two sides are they applied to?",
        "spread = np.where(spread == 0, 1.0, spread), then return (train - mean) / spread and "
        "(test - mean) / spread.",
    ),
)  # fmt: skip
