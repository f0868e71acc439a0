"""Exercise: scale both sides of a split by what the training side alone tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY, each


def scaled_by_train(train: Any, test: Any) -> tuple[Any, Any]:
    """Return both scaled by the training columns' means and standard deviations."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, 1.0, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one column by hand; then a test that lies elsewhere, a constant column, and more."""
    yield Case("by hand", np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]]))
    yield Case("columns of different size", np.array([[1.0, 100.0], [3.0, 500.0], [8.0, 0.0]]),
               np.array([[2.0, 300.0]]))  # fmt: skip
    yield Case("a constant column", np.array([[1.0, 7.0], [5.0, 7.0]]), np.array([[2.0, 9.0]]))
    yield Case("a test that lies elsewhere", rng.normal(size=(4, 3)), 5 + rng.normal(size=(3, 3)))


def column_by_column(train: Any, test: Any) -> Any:
    """Be right with a loop over the columns, and a list of two."""
    scaled = [np.zeros(train.shape), np.zeros(test.shape)]
    for number, column in enumerate(train.T):
        mean = column.sum() / len(column)
        deviation = float(((column - mean) ** 2).mean() ** 0.5) or 1.0
        for side, given in zip(scaled, (train, test), strict=True):
            side[:, number] = (given[:, number] - mean) / deviation
    return scaled


def stacked_and_cut(train: Any, test: Any) -> Any:
    """Be right with one table of both, scaled by the training rows, and cut again."""
    both = np.concatenate([train, test]) - train.mean(axis=0)
    deviation = np.std(train, axis=0)
    deviation[deviation == 0] = 1.0
    both /= deviation
    return tuple(np.split(both, [len(train)]))


def _by(mean: Any, deviation: Any, *sides: Any) -> tuple[Any, ...]:
    deviation = np.where(deviation == 0, 1.0, deviation)
    return tuple((side - mean) / deviation for side in sides)


def by_everything(train: Any, test: Any) -> Any:
    """Learn mean and deviation from both sides together."""
    everything = np.concatenate([train, test])
    return _by(everything.mean(axis=0), everything.std(axis=0), train, test)


def each_by_itself(train: Any, test: Any) -> Any:
    """Scale each side by its own numbers."""
    scaled = []
    for side in (train, test):
        deviation = side.std(axis=0)
        deviation[deviation == 0] = 1.0
        scaled.append((side - side.mean(axis=0)) / deviation)
    return tuple(scaled)


def test_as_it_was(train: Any, test: Any) -> Any:
    """Scale the training side alone."""
    deviation = train.std(axis=0)
    deviation[deviation == 0] = 1.0
    return (train - train.mean(axis=0)) / deviation, test


def one_scale_for_all(train: Any, test: Any) -> Any:
    """Take one mean and one deviation for all columns."""
    return _by(train.mean(), train.std(), train, test)


def zero_over_zero(train: Any, test: Any) -> Any:
    """Divide by a deviation of zero."""
    with np.errstate(all="ignore"):
        mean, deviation = train.mean(axis=0), train.std(axis=0)
        return (train - mean) / deviation, (test - mean) / deviation


def by_variance(train: Any, test: Any) -> Any:
    """Divide by the variance."""
    return _by(train.mean(axis=0), train.var(axis=0), train, test)


def of_a_sample(train: Any, test: Any) -> Any:
    """Divide the squares by one less than their number."""
    return _by(train.mean(axis=0), train.std(axis=0, ddof=1), train, test)


def from_0_to_1(train: Any, test: Any) -> Any:
    """Scale from the least to the largest."""
    return _by(train.min(axis=0), np.ptp(train, axis=0), train, test)


def across_the_rows(train: Any, test: Any) -> Any:
    """Scale each example by its own numbers."""
    sides = ((side.mean(1, keepdims=True), side.std(1, keepdims=True), side)
             for side in (train, test))  # fmt: skip
    return tuple(_by(*side)[0] for side in sides)


def a_little_added(train: Any, test: Any) -> Any:
    """Add a small number to the deviation."""
    mean, deviation = train.mean(axis=0), train.std(axis=0) + 1e-8
    return (train - mean) / deviation, (test - mean) / deviation


def constants_to_zero(train: Any, test: Any) -> Any:
    """Make a constant column 0 on both sides."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    changes = deviation > 0
    return tuple(
        np.where(changes, (side - mean) / np.where(changes, deviation, 1), 0.0)
        for side in (train, test)
    )


EXERCISE = Exercise(
    name="scaled_by_train",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.exercises.ch04_evaluation.scaled_by_train:scaled_by_train",
    cases=cases,
    compare=close(relative=1e-6),
    returns=each(ARRAY),
    alternatives=(column_by_column, stacked_and_cut),
    not_by=(
        "sklearn.preprocessing:StandardScaler",
        "sklearn.preprocessing:scale",
        "scipy.stats:zscore",
        "scipy.stats:zmap",
    ),
    mistakes=(
        Mistake("learnt from everything", by_everything,
                "Mean and deviation were taken from both sides together, so the training knows "
                "where the test lies. When the model is used, those examples are not there yet."),
        Mistake("each side by itself", each_by_itself,
                "The test was scaled by its own numbers: a shift of the test disappears, and a "
                "single example becomes 0. Use what the training taught, for both sides."),
        Mistake("test not scaled", test_as_it_was,
                "The test came back as it was. The model has learnt on scaled numbers and needs "
                "the same scale again."),
        Mistake("one scale for all columns", one_scale_for_all,
                "One mean for the whole table mixes metres with grams. Take mean and deviation "
                "column by column: axis=0."),
        Mistake("zero over zero", zero_over_zero,
                "A column that never changes has the deviation 0, and 0 / 0 is nan. Divide by 1 "
                "there."),
        Mistake("variance for deviation", by_variance,
                "You divided by the variance. The standard deviation is its root, in the unit of "
                "the column itself."),
        Mistake("ddof=1", of_a_sample,
                "You divided the squares by n − 1 (ddof=1, as pandas and torch do). The text asks "
                "for np.std, which divides by n."),
        Mistake("from 0 to 1", from_0_to_1,
                "You scaled from the smallest to the largest number. One odd example then sets "
                "the scale; here it is the mean and the standard deviation."),
        Mistake("across the rows", across_the_rows,
                "Each example was scaled by its own numbers: axis=1. A column has its mean and "
                "its deviation over the training examples: axis=0."),
        Mistake("a small number added", a_little_added,
                "With 1e-8 added to the deviation, a column that is constant in the training "
                "explodes in the test. Divide by 1 there: np.where(deviation == 0, 1, deviation)."),
        Mistake("a constant column erased", constants_to_zero,
                "A column that is constant in the training became 0 in the test too. Divide by 1 "
                "there, so that the test keeps its difference from the mean."),
    ),
    hints=(
        "Which numbers would you know on the day before the test examples arrive?",
        "Each column has its mean and its standard deviation: train.mean(axis=0), "
        "train.std(axis=0). Which of the two sides are they applied to?",
        "deviation = np.where(deviation == 0, 1.0, deviation), then return (train - mean) / "
        "deviation and (test - mean) / deviation.",
    ),
)  # fmt: skip
