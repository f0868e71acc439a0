"""The confusion matrix: which class was taken for which, counted in one pass.

Number the classes 0 … K−1. Then ``target · K + prediction`` names the cell of every example, and
one ``bincount`` fills the matrix. Accuracy, precision, recall, F1, Matthews' coefficient and
Cohen's κ are all formulas of its cells: read the labels once, and ask for any of them.

Matrices add. Count batch by batch, or in several processes, and add up: the scores are those of
all examples together, which no average of batch scores would be.

>>> matrix = confusion_matrix(["cat", "cat", "dog"], ["cat", "dog", "dog"])
>>> matrix.classes.tolist(), matrix.counts.tolist()
(['cat', 'dog'], [[1, 0], [1, 1]])
>>> round(matrix.f1("macro"), 4), matrix.recall("none").tolist()
(0.6667, [1.0, 0.5])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Int, Shaped

from course_lib.errors import InputError
from course_lib.evaluation.checking import as_array
from course_lib.evaluation.class_labels import class_labels, comparable, paired
from course_lib.evaluation.metrics.averaging import Average, cohen, f_beta, matthews_of

WIDEST = 1 << 16  # cells of a matrix that is counted before the absent classes are dropped
LARGEST = 1 << 40  # labels whose cells are numbered without leaving 64 bits
BLOCK = 1 << 16  # examples whose cells stay in the cache between naming and counting


class ConfusionMatrix:
    """Counts (target, prediction) over fixed classes, that grow batch by batch and add up.

    ``classes`` is their number (labels 0 … K−1) or their labels. A class that has neither been
    seen nor predicted takes no part in an average.

    >>> matrix = ConfusionMatrix(3)
    >>> matrix.update([0, 2], [0, 1]).update([1], [1]).accuracy()
    0.6666666666666666
    """

    def __init__(self, classes: int | Sequence[Any] | np.ndarray) -> None:
        given = np.arange(classes) if isinstance(classes, int) else classes
        labels = np.unique(class_labels(given, "the classes"))
        if not len(labels):
            raise InputError("the classes", expected="at least one", got="none")
        self.classes: Shaped[np.ndarray, " class"] = labels
        self.counts: Int[np.ndarray, "class class"] = np.zeros((len(labels),) * 2, np.int64)

    def update(self, predictions: Any, targets: Any) -> ConfusionMatrix:
        """Count a batch, and return the matrix; raises ``InputError`` for an unknown label."""
        pair = paired(predictions, targets)
        predicted, true = (_places(labels, self.classes) for labels in pair)
        self.counts += _counted(predicted, true, len(self.classes))
        return self

    def merge(self, other: ConfusionMatrix) -> ConfusionMatrix:
        """Add what another process counted, over the same classes, and return the matrix."""
        if not np.array_equal(self.classes, other.classes):
            raise InputError(
                "the other matrix",
                expected=f"classes {self.classes.tolist()}",
                got=other.classes.tolist(),
                remedy="make both with the same classes",
            )
        self.counts = self.counts + other.counts
        return self

    def __add__(self, other: ConfusionMatrix) -> ConfusionMatrix:
        return ConfusionMatrix(self.classes).merge(self).merge(other)

    @property
    def hits(self) -> Int[np.ndarray, " class"]:
        """How many of each class were found: the diagonal."""
        return self.counts.diagonal()

    @property
    def predicted(self) -> Int[np.ndarray, " class"]:
        """How often each class was predicted: the columns' sums."""
        totals: np.ndarray = self.counts.sum(axis=0)
        return totals

    @property
    def support(self) -> Int[np.ndarray, " class"]:
        """How many examples of each class there are: the rows' sums."""
        totals: np.ndarray = self.counts.sum(axis=1)
        return totals

    def accuracy(self) -> float:
        """Return the share of examples that are right."""
        return float(self.hits.sum() / self._total())

    def balanced_accuracy(self) -> float:
        """Return the mean recall of the classes that there are: a constant answer gets 1 / K."""
        self._total()
        there = self.support > 0
        return float(np.mean(self.hits[there] / self.support[there]))

    def precision(self, average: Average = "macro", **how: Any) -> Any:
        """Return how much of what was called a class is one; ``how`` as in ``f_beta``."""
        return self._scored(0.0, average, **how)

    def recall(self, average: Average = "macro", **how: Any) -> Any:
        """Return how much of a class was found; ``how`` as in ``f_beta``."""
        return self._scored(np.inf, average, **how)

    def f1(self, average: Average = "macro", **how: Any) -> Any:
        """Return the harmonic mean of precision and recall; ``how`` as in ``f_beta``."""
        return self._scored(1.0, average, **how)

    def f_beta(self, beta: float, average: Average = "macro", **how: Any) -> Any:
        """Return F with recall ``beta`` times as important as precision.

        ``zero_division`` is what 0 / 0 counts as, ``positive`` the class that "binary" means.
        """
        return self._scored(beta, average, **how)

    def matthews(self) -> float:
        """Return Matthews' correlation of predictions and targets, 0 where either is constant."""
        self._total()
        return float(matthews_of(self.counts))

    def kappa(self, weights: str | None = None) -> float:
        """Return Cohen's κ: agreement beyond chance; NaN where chance alone agrees wholly."""
        self._total()
        return float(cohen(self.counts, weights))

    def _total(self) -> int:
        total = int(self.counts.sum())
        if not total:
            raise InputError("the confusion matrix", expected="at least one example", got="none")
        return total

    def _scored(
        self, beta: float, average: Average, zero_division: float = 0.0, positive: Any = 1
    ) -> Any:
        self._total()
        if average != "binary":
            sums = self.hits, self.predicted, self.support
            score = f_beta(*sums, beta, average, zero_division)
            return score if average in (None, "none") else float(score)
        place = np.flatnonzero(self.classes == positive)
        known = len(place) or self._is_the_other_class(positive)
        if not known or np.count_nonzero(self.predicted + self.support) > 2:
            raise InputError(
                "the positive class",
                expected=f"one of two classes {self.classes.tolist()}",
                got=repr(positive),
                remedy='name it by positive=…, or average over all classes: average="macro"',
            )
        sums = self.hits[place], self.predicted[place], self.support[place]
        return float(f_beta(*sums, beta, "micro", zero_division))

    def _is_the_other_class(self, positive: Any) -> bool:
        """Whether ``positive`` can be a second class, neither seen nor predicted: F is 0 / 0."""
        alike = isinstance(positive, str) == (self.classes.dtype.kind == "U")
        return len(self.classes) == 1 and alike


def confusion_matrix(predictions: Any, targets: Any, classes: Any = None) -> ConfusionMatrix:
    """Return the confusion matrix of predicted and true labels.

    Without ``classes`` they are those present in either. Raises ``ShapeError`` for unequal
    lengths, ``InputError`` for none, for NaN, for fractions and for labels outside ``classes``.
    """
    if classes is not None:
        return ConfusionMatrix(classes).update(predictions, targets)
    predicted, true = paired(predictions, targets)
    lowest, highest = _range(predicted, true)
    width = highest - lowest + 1
    if 0 < width * width <= WIDEST:
        counts = _counted(predicted, true, width, lowest)
        there = np.flatnonzero(counts.any(axis=0) | counts.any(axis=1))
        matrix = ConfusionMatrix(there + lowest)
        matrix.counts = counts[np.ix_(there, there)]
        return matrix
    predicted, true = as_array(predicted), as_array(true)
    return ConfusionMatrix(np.union1d(predicted, true)).update(predicted, true)


def _range(predicted: Any, true: Any) -> tuple[int, int]:
    """Return the lowest and highest label; an empty range where they are text, or huge."""
    if isinstance(true, np.ndarray) and true.dtype.kind in "US":
        return 0, -1
    lowest = min(int(predicted.min()), int(true.min()))
    highest = max(int(predicted.max()), int(true.max()))
    return (lowest, highest) if max(-lowest, highest) <= LARGEST else (0, -1)


def _places(labels: Any, classes: np.ndarray) -> Any:
    """Return each label's index among the sorted classes."""
    array = labels if isinstance(labels, np.ndarray) else None
    if array is None:
        if np.array_equal(classes, np.arange(len(classes))) and not bool(
            ((labels < 0) | (labels >= len(classes))).any()
        ):
            return labels.long()
        array = np.asarray(labels.cpu())
    array, classes = comparable(array, classes)
    places = np.searchsorted(classes, array).clip(max=len(classes) - 1)
    unknown = classes[places] != array
    if unknown.any():
        raise InputError(
            "a label",
            expected=f"one of {classes.tolist()}"
            if len(classes) <= 20
            else f"{len(classes)} known",
            got=repr(array[unknown][0].item()),
        )
    return places


def _counted(predicted: Any, true: Any, width: int, lowest: int = 0) -> np.ndarray:
    cells = width * width
    if not (isinstance(predicted, np.ndarray) and isinstance(true, np.ndarray)):
        return _counted_there(predicted, true, width, lowest)
    counts = np.zeros(cells, np.int64)
    shift = lowest * (width + 1)
    for start in range(0, len(true), BLOCK):
        cell = true[start : start + BLOCK].astype(np.int64)
        cell *= width
        cell += predicted[start : start + BLOCK].astype(np.int64, copy=False)
        if shift:
            cell -= shift
        counts += np.bincount(cell, minlength=cells)
    return counts.reshape(width, width)


def _counted_there(predicted: Any, true: Any, width: int, lowest: int) -> np.ndarray:
    """Count on the device: only the matrix travels."""
    import torch

    predicted, true = (torch.as_tensor(labels) for labels in (predicted, true))
    cell = (true.long() - lowest) * width + (predicted.to(true.device).long() - lowest)
    counts: np.ndarray = torch.bincount(cell, minlength=width * width).cpu().numpy()
    return counts.reshape(width, width)
