"""Scores that grow batch by batch, and add up over processes.

Most scores are a formula of sums: keep the sums, and apply the formula once at the end. The mean of
batch scores is another number wherever batches differ in size, or the formula is a ratio. Scores of
an *order*, such as the ROC area, have no such sums: keep the scores themselves.

>>> losses = Running().update([1.0, 2.0, 3.0]).update([10.0])
>>> losses.value(), losses.examples
(4.0, 4)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite


class Running:
    """Sums of statistics over examples, and the formula that makes a score of them.

    Without a formula: the mean. ``Running(bleu_of)`` is fed with ``bleu_counts``, and so on.
    """

    def __init__(self, formula: Callable[[Any], Any] | None = None) -> None:
        self._formula = formula
        self.sums: Any = 0.0
        self.examples = 0

    def update(self, statistics: Any) -> Running:
        """Add the statistics (example, …) of a batch; raises ``ShapeError`` or ``InputError``."""
        batch = finite(as_array(statistics), "the statistics").astype(np.float64)
        if batch.ndim == 0:
            raise ShapeError("the statistics", expected="a row for each example", got="a number")
        return self._add(batch.sum(axis=0), len(batch))

    def merge(self, other: Running) -> Running:
        """Add what another process has summed."""
        return self._add(other.sums, other.examples)

    def value(self) -> float:
        """Return the score of all examples so far; raises ``InputError`` where there is none."""
        if not self.examples:
            raise InputError("the running score", expected="at least one example", got="none")
        score = self._formula(self.sums) if self._formula else self.sums / self.examples
        return float(score)

    def _add(self, sums: Any, examples: int) -> Running:
        if self.examples and examples and np.shape(sums) != np.shape(self.sums):
            raise ShapeError("the statistics", expected=np.shape(self.sums), got=np.shape(sums))
        if examples:
            self.sums, self.examples = self.sums + sums, self.examples + examples
        return self


class Kept:
    """Scores and targets of all batches, for a metric that needs them together.

    >>> from course_lib.evaluation.metrics.ranking import roc_auc
    >>> Kept(roc_auc).update([0.9, 0.2], [1, 0]).update([0.4, 0.6], [1, 0]).value()
    0.75
    """

    def __init__(self, metric: Callable[[Any, Any], float]) -> None:
        self._metric = metric
        self._batches: list[tuple[np.ndarray, np.ndarray]] = []

    def update(self, scores: Any, targets: Any) -> Kept:
        """Keep a batch, off the accelerator; raises ``ShapeError`` for unequal lengths."""
        batch = as_array(scores), as_array(targets)
        if len(batch[0]) != len(batch[1]):
            raise ShapeError("the scores", expected=len(batch[1]), got=len(batch[0]))
        self._batches.append(batch)
        return self

    def merge(self, other: Kept) -> Kept:
        """Add what another process has kept."""
        self._batches += other._batches
        return self

    def value(self) -> float:
        """Return the metric of everything; raises ``InputError`` where there is nothing."""
        if not self._batches:
            raise InputError("the kept scores", expected="at least one batch", got="none")
        scores, targets = (np.concatenate(side) for side in zip(*self._batches, strict=True))
        return float(self._metric(scores, targets))
