"""Calibration: of all that a model is 80 % sure of, is 80 % right?

Sort the predictions into bins by their confidence, and compare, bin by bin, the mean confidence
with the share that is right. The **expected calibration error** is the gap of the bins, weighted by
what lies in them (Guo and others, *On calibration of modern neural networks*, 2017,
https://arxiv.org/abs/1706.04599). An empty bin weighs nothing; bins include their upper edge.

>>> curve = reliability([0.9, 0.9, 0.9, 0.9, 0.2], [1, 1, 1, 0, 0], bins=5)
>>> curve.counts.tolist(), round(curve.error, 3)
([1, 0, 0, 0, 4], 0.16)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError
from course_lib.evaluation.checking import as_array
from course_lib.evaluation.scored_targets import probabilities_and_classes


@dataclass(frozen=True, eq=False)
class Reliability:
    """Sums by bin of confidence: they add over batches and processes."""

    edges: Float[np.ndarray, " edge"]
    counts: Int[np.ndarray, " bin"]
    confidences: Float[np.ndarray, " bin"]
    right: Float[np.ndarray, " bin"]

    def __add__(self, other: Reliability) -> Reliability:
        if not np.array_equal(self.edges, other.edges):
            raise InputError("the other bins", expected=self.edges.tolist(), got=other.edges)
        return Reliability(
            self.edges,
            self.counts + other.counts,
            self.confidences + other.confidences,
            self.right + other.right,
        )

    @property
    def filled(self) -> tuple[Float[np.ndarray, " filled"], Float[np.ndarray, " filled"]]:
        """Mean confidence and share that is right of each bin that is not empty."""
        there = self.counts > 0
        counts = self.counts[there]
        return self.confidences[there] / counts, self.right[there] / counts

    @property
    def error(self) -> float:
        """The expected calibration error: the mean gap, weighted by the bins' counts."""
        return float(np.abs(self.confidences - self.right).sum() / self.counts.sum())

    @property
    def largest_error(self) -> float:
        """The largest gap of any bin that is not empty."""
        confidence, right = self.filled
        return float(np.abs(confidence - right).max())


def reliability(probabilities: Any, targets: Any, bins: int | Any = 10) -> Reliability:
    """Return the reliability of probabilities in bins of equal width, or of the given edges.

    One column is the probability of class 1, and *right* means that it was class 1. Several are
    class probabilities: the confidence is the largest, *right* that its class is the true one.
    Raises ``InputError`` for NaN, for rows that do not sum to one, for edges not from 0 to 1.
    """
    edges = np.linspace(0.0, 1.0, bins + 1) if isinstance(bins, int) else np.asarray(bins, float)
    if len(edges) < 2 or edges[0] > 0 or edges[-1] < 1 or (np.diff(edges) <= 0).any():
        raise InputError("the bins", expected="rising edges from 0 to 1", got=edges.tolist())
    table, truth = probabilities_and_classes(probabilities, targets)
    if as_array(probabilities).ndim == 1:
        confidence, right = table[:, 1], truth == 1
    else:
        confidence, right = table.max(axis=1), table.argmax(axis=1) == truth
    place = np.searchsorted(edges[1:-1], confidence)
    sums = (np.bincount(place, weights, len(edges) - 1) for weights in (confidence, right * 1.0))
    return Reliability(edges, np.bincount(place, minlength=len(edges) - 1), *sums)


def calibration_error(probabilities: Any, targets: Any, bins: int | Any = 10) -> float:
    """Return the expected calibration error; arguments as in ``reliability``.

    >>> round(calibration_error([[0.8, 0.2], [0.8, 0.2]], [0, 1]), 2)
    0.3
    """
    return reliability(probabilities, targets, bins).error


def equal_counts(probabilities: Any, bins: int = 10) -> Float[np.ndarray, " edge"]:
    """Return edges with about as many confidences between each two: less noise in sparse parts.

    >>> equal_counts([0.1, 0.2, 0.6, 0.7], bins=2).tolist()
    [0.0, 0.4, 1.0]
    """
    table = as_array(probabilities)
    confidence = table if table.ndim == 1 else table.max(axis=1)
    inner = np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1])
    return np.unique(np.r_[0.0, inner, 1.0])
