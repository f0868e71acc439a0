"""Scores or probabilities beside the true labels: what a ranking or a proper score is fed with."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, check_lengths, finite
from course_lib.evaluation.class_labels import check_classes, class_labels


def scores_and_truth(
    scores: Any, targets: Any, positive: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return finite scores and whether each example is ``positive``, one a row.

    Without ``positive`` it is 1, and the targets are 0 and 1, or −1 and 1. Raises ``ShapeError``
    for unequal lengths, ``InputError`` for none, for NaN, for targets that are no labels, or where
    all examples are of one kind: then there is nothing to tell apart.
    """
    numbers, labels = as_array(scores), class_labels(targets, "the targets")
    check_lengths(numbers, labels)
    if positive is None:
        _check_two_usual(labels)
        positive = 1
    truth: np.ndarray = labels == positive
    if truth.all() or not truth.any():
        kind = "positive" if truth.all() else "negative"
        raise InputError(
            "the targets",
            expected=f"examples with and without {positive!r}",
            got=f"{len(truth)} {kind} ones only",
            remedy="name the positive class by positive=…",
        )
    return finite(numbers, "the scores"), truth


def probabilities_and_classes(probabilities: Any, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (example, class) and the true class of each as an index.

    One column, the probability of class 1, becomes two. Raises ``ShapeError`` for unequal lengths,
    ``InputError`` for NaN, for rows that do not sum to one, and for classes without a column.
    """
    table = finite(as_array(probabilities), "the probabilities").astype(np.float64, copy=False)
    if table.ndim == 1:
        table = np.stack([1.0 - table, table], axis=1)
    labels = class_labels(targets, "the targets")
    if table.ndim != 2 or labels.ndim != 1 or len(table) != len(labels):
        raise ShapeError("the probabilities", expected=f"({len(labels)}, classes)", got=table.shape)
    if not len(table):
        raise InputError("the probabilities", expected="at least one example", got="none")
    if (table < 0).any() or np.abs(table.sum(axis=1) - 1).max() > 1e-3:
        raise InputError(
            "the probabilities",
            expected="rows from 0 to 1 that sum to 1",
            got=f"a row that sums to {table.sum(axis=1)[np.abs(table.sum(1) - 1).argmax()]:.4g}",
            remedy="put logits through a softmax first",
        )
    check_classes(labels, table.shape[1])
    return table, labels


def _check_two_usual(labels: np.ndarray) -> None:
    """Raise where 1 need not mean the positive class: of 1 and 2, or of three classes."""
    usual = labels.dtype.kind in "iu" and labels.max() <= 1
    if usual and (labels.min() >= 0 or (labels.min() == -1 and not (labels == 0).any())):
        return
    raise InputError(
        "the targets",
        expected="0 and 1, or −1 and 1",
        got=", ".join(map(repr, np.unique(labels)[:5].tolist())),
        remedy="name the positive class by positive=…",
    )
