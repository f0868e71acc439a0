"""Scores before a threshold cuts them: ROC and precision-recall curves, and their areas.

A classifier gives scores; a threshold makes labels of them. Go through all thresholds from the
highest down, and count hits and false alarms. Examples with *equal* scores pass the threshold
together, so that a curve never depends on the order in which they happen to lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite
from course_lib.evaluation.class_labels import check_classes, class_labels
from course_lib.evaluation.scored_targets import scores_and_truth


@dataclass(frozen=True)
class RocCurve:
    """Recall against false alarms, a point for each threshold, from (0, 0) to (1, 1)."""

    false_positive_rate: Float[np.ndarray, " point"]
    true_positive_rate: Float[np.ndarray, " point"]
    thresholds: Float[np.ndarray, " point"]


@dataclass(frozen=True)
class PrecisionRecallCurve:
    """Precision against recall, a point for each threshold, from the lowest threshold up.

    The last point is precision 1 at recall 0, where nothing is called positive.
    """

    precision: Float[np.ndarray, " point"]
    recall: Float[np.ndarray, " point"]
    thresholds: Float[np.ndarray, " threshold"]


def roc_curve(scores: Any, targets: Any, positive: Any = None) -> RocCurve:
    """Return the ROC curve of scores (higher is more positive), a point for each distinct one.

    ``positive`` names the positive class; without it, it is 1, and the others are 0 or −1. Raises
    ``ShapeError`` for unequal lengths, ``InputError`` for NaN, fractions or one class only.

    >>> curve = roc_curve([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0])
    >>> curve.false_positive_rate.tolist(), curve.true_positive_rate.tolist()
    ([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0])
    """
    hits, alarms, thresholds = _passed(*scores_and_truth(scores, targets, positive))
    hits, alarms = np.r_[0, hits], np.r_[0, alarms]
    return RocCurve(alarms / alarms[-1], hits / hits[-1], np.r_[np.inf, thresholds])


def roc_auc(scores: Any, targets: Any, positive: Any = None) -> float:
    """Return the area under the ROC curve: how often a positive outscores a negative, ties half.

    Scores (example, class) give the mean over the classes, each against the rest, with targets
    from 0 to K − 1. Raises as ``roc_curve``. By ranks (Mann and Whitney, 1947).

    >>> roc_auc([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0])
    0.875
    """
    table = as_array(scores)
    if table.ndim == 2:
        truth = class_labels(targets, "the targets")
        check_classes(truth, table.shape[1])
        areas = [roc_auc(table[:, k], truth, positive=k) for k in range(table.shape[1])]
        return float(np.mean(areas))
    curve = roc_curve(table, targets, positive)
    heights = curve.true_positive_rate[1:] + curve.true_positive_rate[:-1]
    return float(np.sum(np.diff(curve.false_positive_rate) * heights) / 2)


def roc_auc_by_definition(scores: Any, targets: Any, positive: Any = None) -> float:
    """Return the same area by comparing every positive with every negative: slow, and plain.

    >>> roc_auc_by_definition([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0])
    0.875
    """
    numbers, truth = scores_and_truth(scores, targets, positive)
    positives, negatives = numbers[truth][:, None], numbers[~truth][None, :]
    return float(np.mean((positives > negatives) + 0.5 * (positives == negatives)))


def precision_recall_curve(scores: Any, targets: Any, positive: Any = None) -> PrecisionRecallCurve:
    """Return precision and recall at each distinct score taken as threshold; raises as ROC.

    >>> precision_recall_curve([0.9, 0.6, 0.1], [1, 0, 1]).precision.round(2).tolist()
    [0.67, 0.5, 1.0, 1.0]
    """
    hits, alarms, thresholds = _passed(*scores_and_truth(scores, targets, positive))
    precision, recall = hits / (hits + alarms), hits / hits[-1]
    return PrecisionRecallCurve(
        np.r_[precision[::-1], 1.0], np.r_[recall[::-1], 0.0], thresholds[::-1]
    )


def average_precision(scores: Any, targets: Any, positive: Any = None) -> float:
    """Return the precision at each threshold, weighted by the recall that it adds.

    The area under the steps of the precision-recall curve, without the flattery of straight
    lines between them. A random score reaches the share of positives. Raises as ``roc_curve``.

    >>> average_precision([0.9, 0.6, 0.1], [1, 0, 1]).__round__(4)
    0.8333
    """
    curve = precision_recall_curve(scores, targets, positive)
    return float(-np.sum(np.diff(curve.recall) * curve.precision[:-1]))


def top_k_accuracy(scores: Any, targets: Any, k: int = 5) -> float:
    """Return how often the true class is among the ``k`` with the highest scores.

    ``scores`` (example, class); of equal scores the later class comes first, as in scikit-learn.
    Counts on the device of a tensor. Raises ``ShapeError`` and ``InputError`` for bad input.

    >>> top_k_accuracy([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], [2, 1], k=2)
    1.0
    """
    table = scores if hasattr(scores, "device") and hasattr(scores, "detach") else as_array(scores)
    truth = class_labels(targets, "the targets")
    if table.ndim != 2 or truth.ndim != 1 or len(table) != len(truth) or not len(truth):
        got = f"{tuple(table.shape)} and {truth.shape}"
        raise ShapeError("the scores", expected="(example, class) and (example,)", got=got)
    if not 1 <= k <= table.shape[1]:
        raise InputError("k", expected=f"from 1 to {table.shape[1]}, the classes", got=k)
    check_classes(truth, table.shape[1])
    ranks = as_array(_rank_of_truth(table, truth))
    return float(np.mean(ranks < k))


def _rank_of_truth(table: Any, truth: np.ndarray) -> Any:
    """Return how many classes stand before the true one, by array or on the tensor's device."""
    place: Any
    column: Any
    if isinstance(table, np.ndarray):
        finite(table, "the scores")
        place, column = truth[:, None], np.arange(table.shape[1])
        own = np.take_along_axis(table, place, axis=1)
    else:
        import torch

        place = torch.as_tensor(truth, device=table.device).long()[:, None]
        column = torch.arange(table.shape[1], device=table.device)
        own = table.gather(1, place)
        finite(as_array(own), "the scores")
    return ((table > own) | ((table == own) & (column > place))).sum(1)


def _passed(numbers: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return hits and false alarms at each distinct score, from the highest down."""
    order = np.argsort(numbers, kind="stable")[::-1]
    ordered, hit = numbers[order], truth[order]
    last = np.r_[np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1]
    hits = np.cumsum(hit)[last]
    return hits, last + 1 - hits, ordered[last]
