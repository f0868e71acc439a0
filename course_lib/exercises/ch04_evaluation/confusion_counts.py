"""Exercise: count a confusion matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import ARRAY


def confusion_counts(predictions: Any, targets: Any, classes: int) -> Any:
    """Return how often each true class (row) was taken for each class (column)."""
    cells = np.bincount(targets * classes + predictions, minlength=classes * classes)
    return cells.reshape(classes, classes)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a few labels first; then repeats, absent classes, none, more than 255, and many."""
    yield Case("by hand", np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    yield Case("the same pair twice", np.array([1, 1, 0, 1]), np.array([0, 0, 0, 1]), 2)
    yield Case("a class that never comes", np.array([0, 1, 0]), np.array([1, 1, 0]), 4)
    yield Case("no example", np.array([], int), np.array([], int), 2)
    often = np.repeat([[1, 0, 1], [1, 1, 0]], [300, 270, 4], axis=1)
    yield Case("more than 255 of a kind", often[0], often[1], 2)
    predictions, targets = rng.integers(0, 5, 40), rng.integers(0, 5, 40)
    yield Case("many labels", predictions, targets, 5)


def added_one_by_one(predictions: Any, targets: Any, classes: int) -> Any:
    """Be right with np.add.at, which adds for each index."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (targets, predictions), 1)
    return counts


def cell_by_cell(predictions: Any, targets: Any, classes: int) -> Any:
    """Be right with a comparison for each cell."""
    rows, columns = range(classes), range(classes)
    return np.array(
        [[int(((targets == t) & (predictions == p)).sum()) for p in columns] for t in rows]
    )


def transposed(predictions: Any, targets: Any, classes: int) -> Any:
    """Put the predictions into the rows."""
    return confusion_counts(predictions, targets, classes).T


def each_pair_once(predictions: Any, targets: Any, classes: int) -> Any:
    """Add by a list of indices, which adds once for equal ones."""
    import numpy as np

    counts = np.zeros((classes, classes), int)
    counts[targets, predictions] += 1
    return counts


def as_large_as_seen(predictions: Any, targets: Any, classes: int) -> Any:
    """Make the matrix as large as the largest label."""
    width = int(max(predictions.max(initial=0), targets.max(initial=0))) + 1
    return confusion_counts(predictions, targets, width)


def shares_of_rows(predictions: Any, targets: Any, classes: int) -> Any:
    """Divide each row by its sum."""
    counts = confusion_counts(predictions, targets, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def errors_only(predictions: Any, targets: Any, classes: int) -> Any:
    """Count the errors and leave the diagonal empty."""
    counts = confusion_counts(predictions, targets, classes)
    return counts - np.diag(counts.diagonal())


def hits_only(predictions: Any, targets: Any, classes: int) -> Any:
    """Count what is right, class by class."""
    return confusion_counts(predictions, targets, classes).diagonal()


def in_eight_bits(predictions: Any, targets: Any, classes: int) -> Any:
    """Count in integers of eight bits."""
    return confusion_counts(predictions, targets, classes).astype(np.uint8)


def zero_against_the_rest(predictions: Any, targets: Any, classes: int) -> Any:
    """Know class 0 and the rest alone."""
    positive = [[side <= 0, side > 0] for side in (targets, predictions)]
    return np.array([[int((t & p).sum()) for p in positive[1]] for t in positive[0]])


def without_a_length(predictions: Any, targets: Any, classes: int) -> Any:
    """Count cells without saying how many there are."""
    cells = np.asarray(targets) * classes + np.asarray(predictions)
    return np.bincount(cells).reshape(classes, classes)


EXERCISE = Exercise(
    name="confusion_counts",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch04_evaluation.confusion_counts:confusion_counts",
    cases=cases,
    returns=ARRAY,
    alternatives=(added_one_by_one, cell_by_cell),
    not_by=(
        "course_lib.evaluation.metrics:confusion_matrix",
        "course_lib.evaluation.metrics:ConfusionMatrix",
        "sklearn.metrics:confusion_matrix",
        "sklearn.metrics:multilabel_confusion_matrix",
        "pandas:crosstab",
    ),
    mistakes=(
        Mistake("rows and columns exchanged", transposed,
                "The predictions are in the rows. Here a row is a *true* class, a column what it "
                "was taken for. (Books differ: always say which.)"),
        Mistake("each pair counted once", each_pair_once,
                "counts[targets, predictions] += 1 adds 1 only once where a pair comes twice: "
                "numpy reads, adds and writes for all indices together. np.add.at or np.bincount "
                "counts each."),
        Mistake("as large as the largest label", as_large_as_seen,
                "The matrix has a row for every class, also for those that do not come: "
                "minlength of bincount, or np.zeros((classes, classes))."),
        Mistake("shares instead of counts", shares_of_rows,
                "These are shares of each row. Keep counts: shares can be had from counts, and "
                "only counts add up over batches."),
        Mistake("errors only", errors_only,
                "The diagonal is empty: what is right stands there, and belongs to the matrix."),
        Mistake("hits only", hits_only,
                "One number a class says how many are right, not what the others were taken for. "
                "The result has two axes."),
        Mistake("eight-bit counts", in_eight_bits,
                "The counts are integers of eight bits, which begin again at 0 after 255. Real "
                "test sets hold more: let numpy count in its usual 64 bits."),
        Mistake("labels > 0", zero_against_the_rest,
                "labels > 0 throws all classes but 0 together. That is enough for two classes; "
                "with more, each has a row and a column of its own."),
        Mistake("bincount without minlength", without_a_length,
                "bincount ends at the largest number that occurs, so a table whose last cells are "
                "empty comes out too short. minlength=classes * classes makes it whole."),
    ),
    hints=(
        "In which cell belongs an example of class 2 that was taken for class 0?",
        "Give each cell a number, row by row: the cell in row r and column c is r · classes + c. "
        "What counts how often each number comes?",
        "np.bincount(targets * classes + predictions, minlength=classes * classes), then "
        "reshape(classes, classes).",
    ),
)  # fmt: skip
