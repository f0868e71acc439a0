"""Proper scores of probabilities: they are best, on average, for whoever says what they believe."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from course_lib.evaluation.scored_targets import probabilities_and_classes

SMALLEST = float(np.finfo(np.float64).eps)


def log_losses(probabilities: Any, targets: Any) -> Float[np.ndarray, " example"]:
    """Return −log of the probability that was given to the true class, of each example (nats).

    ``probabilities`` is (example, class), or (example,) for class 1 of two; ``targets`` are class
    indices. A zero counts as 2.2e-16, so that one sure error costs 36 nats and not infinity.

    >>> log_losses([[0.5, 0.5], [0.1, 0.9]], [0, 1]).round(4).tolist()
    [0.6931, 0.1054]
    """
    table, truth = probabilities_and_classes(probabilities, targets)
    own = table[np.arange(len(truth)), truth] / table.sum(axis=1)
    losses: np.ndarray = -np.log(own.clip(SMALLEST, 1 - SMALLEST))
    return losses


def log_loss(probabilities: Any, targets: Any) -> float:
    """Return the mean of ``log_losses``: the cross-entropy. Equal shares of K cost log K.

    >>> round(log_loss([0.5, 0.5, 0.5], [0, 1, 1]), 4)
    0.6931
    """
    return float(log_losses(probabilities, targets).mean())


def brier(probabilities: Any, targets: Any) -> float:
    """Return the mean squared distance of the probabilities from what was true.

    For two classes (p − y)², for more the sum over the classes (Brier, *Verification of forecasts
    expressed in terms of probability*, 1950, halved for two). Unlike the log loss it is bounded.

    >>> brier([0.8, 0.4], [1, 0])
    0.1
    """
    table, truth = probabilities_and_classes(probabilities, targets)
    distances = ((table - np.eye(table.shape[1])[truth]) ** 2).sum(axis=1)
    return float(distances.mean() / (2 if table.shape[1] == 2 else 1))
