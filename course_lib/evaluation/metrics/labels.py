"""Scores of predicted labels, each in one call: accuracy, precision, recall, F1, Matthews, κ.

For several of them, count once with ``confusion_matrix`` and ask the matrix. Classes are those
present in predictions or targets, as in scikit-learn, whose numbers these are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.evaluation.class_labels import paired
from course_lib.evaluation.metrics.averaging import Average
from course_lib.evaluation.metrics.confusion import confusion_matrix


def accuracy(predictions: Any, targets: Any) -> float:
    """Return the share of examples whose label is right; input as in ``confusion_matrix``.

    >>> accuracy([0, 1, 1], [0, 1, 0])
    0.6666666666666666
    """
    predicted, true = paired(predictions, targets)
    right = predicted == true
    count = np.count_nonzero(right) if isinstance(right, np.ndarray) else int(right.sum())
    return float(count / len(true))


def balanced_accuracy(predictions: Any, targets: Any) -> float:
    """Return the mean recall of the true classes; a constant answer gets 1 / K.

    >>> balanced_accuracy([0, 0, 0, 0], [0, 0, 0, 1])
    0.5
    """
    return confusion_matrix(predictions, targets).balanced_accuracy()


def precision(
    predictions: Any,
    targets: Any,
    average: Average = "macro",
    *,
    zero_division: float = 0.0,
    positive: Any = 1,
) -> Any:
    """Return how much of what was called a class is one; arguments as in ``f1``.

    >>> precision([0, 0, 0, 1], [0, 0, 1, 1], average="none").round(3).tolist()
    [0.667, 1.0]
    """
    matrix = confusion_matrix(predictions, targets)
    return matrix.precision(average, zero_division=zero_division, positive=positive)


def recall(
    predictions: Any,
    targets: Any,
    average: Average = "macro",
    *,
    zero_division: float = 0.0,
    positive: Any = 1,
) -> Any:
    """Return how much of a class was found; arguments as in ``f1``.

    >>> recall([0, 0, 0, 1], [0, 0, 1, 1], average="none").tolist()
    [1.0, 0.5]
    """
    matrix = confusion_matrix(predictions, targets)
    return matrix.recall(average, zero_division=zero_division, positive=positive)


def f1(
    predictions: Any,
    targets: Any,
    average: Average = "macro",
    *,
    zero_division: float = 0.0,
    positive: Any = 1,
) -> Any:
    """Return the harmonic mean of precision and recall.

    ``average`` is "macro", "micro", "weighted", "binary" (of ``positive`` alone) or "none" (an
    array, in the order of the sorted classes). 0 / 0 counts as ``zero_division``. Raises
    ``ShapeError`` for unequal lengths, ``InputError`` for none, NaN, fractions, or no such class.

    >>> f1(["spam", "ham", "ham"], ["spam", "spam", "ham"], average="binary", positive="spam")
    0.6666666666666666
    """
    return f_beta(
        predictions, targets, 1.0, average, zero_division=zero_division, positive=positive
    )


def f_beta(
    predictions: Any,
    targets: Any,
    beta: float,
    average: Average = "macro",
    *,
    zero_division: float = 0.0,
    positive: Any = 1,
) -> Any:
    """Return F with recall ``beta`` times as important as precision; arguments as in ``f1``.

    >>> f_beta([1, 1, 0], [1, 0, 0], 2.0, average="binary")
    0.8333333333333334
    """
    matrix = confusion_matrix(predictions, targets)
    return matrix.f_beta(beta, average, zero_division=zero_division, positive=positive)


def matthews(predictions: Any, targets: Any) -> float:
    """Return Matthews' correlation: 1 for all right, 0 for chance or a constant answer.

    >>> matthews([0, 1, 0, 1], [0, 1, 1, 0])
    0.0
    """
    return confusion_matrix(predictions, targets).matthews()


def kappa(first: Any, second: Any, weights: str | None = None) -> float:
    """Return Cohen's κ of two raters' labels: agreement beyond chance.

    ``weights`` "linear" or "quadratic" for ordered labels, in their sorted order.

    >>> kappa(["yes", "yes", "no", "no"], ["yes", "no", "no", "no"])
    0.5
    """
    return confusion_matrix(first, second).kappa(weights)
