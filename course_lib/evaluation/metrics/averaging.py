"""From counts to scores: precision, recall and F of each class, and the four ways to average them.

With *hits* (true positives), *predicted* (hits and false alarms) and *support* (hits and misses):

    precision = hits / predicted        recall = hits / support
    F_β = (1 + β²) · hits / (β² · support + predicted)

so that F₀ is precision, F_∞ is recall, and F₁ lies between (van Rijsbergen, *Information
Retrieval*, 1979). **macro** is the mean of the classes' scores: a rare class counts as much as a
frequent one. **weighted** counts each class by its support. **micro** adds the counts of all
classes first, and for single labels is plain accuracy. The macro F1 is the mean of the F1s, and
not the F1 of the mean precision and the mean recall.

All counts may have leading axes: a thousand resampled matrices are scored in one call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.errors import InputError

Average = str | None
AVERAGES = ("macro", "micro", "weighted", "none", None)


def f_beta(
    hits: Any,
    predicted: Any,
    support: Any,
    beta: float = 1.0,
    average: Average = "macro",
    zero_division: float = 0.0,
) -> Any:
    """Return F_β of counts (…, class), averaged; per class where ``average`` is "none".

    0 / 0 counts as ``zero_division``; as NaN it is left out of the average. Classes neither seen
    nor predicted are left out too. Raises ``InputError`` for an unknown average or negative β.

    >>> f_beta([4, 1], [6, 1], [5, 2], average="none").round(3).tolist()
    [0.727, 0.667]
    >>> round(float(f_beta([4, 1], [6, 1], [5, 2], average="micro")), 3)
    0.714
    """
    if average not in AVERAGES:
        raise InputError("the average", expected=" or ".join(map(repr, AVERAGES)), got=average)
    if not beta >= 0:
        raise InputError("β", expected="a number from 0", got=beta)
    hits, predicted, support = (np.asarray(counts, float) for counts in (hits, predicted, support))
    square = 0.0 if np.isinf(beta) else beta * beta
    above = hits if np.isinf(beta) else (1 + square) * hits
    below = support if np.isinf(beta) else square * support + predicted
    if average == "micro":
        return _ratio(above.sum(-1), below.sum(-1), zero_division)
    scores = _ratio(above, below, zero_division)
    if average in (None, "none"):
        return scores
    seen = (predicted + support > 0).astype(float)
    weights = seen if average == "macro" else support
    return _mean(scores, np.broadcast_to(weights, scores.shape), seen, zero_division)


def matthews_of(counts: Any) -> Any:
    """Return Matthews' correlation of confusion matrices (…, target, prediction).

    The covariance of the two one-hot codes over the root of their variances (Gorodkin, *Comparing
    two K-category assignments by a K-category correlation coefficient*, 2004).

    >>> round(float(matthews_of([[6, 2], [1, 3]])), 4)
    0.4781
    """
    cells = np.asarray(counts, float)
    true, predicted, total = cells.sum(-1), cells.sum(-2), cells.sum((-2, -1))
    hits = np.trace(cells, axis1=-2, axis2=-1)
    both = hits * total - (true * predicted).sum(-1)
    spread = (total**2 - (true**2).sum(-1)) * (total**2 - (predicted**2).sum(-1))
    return _ratio(both, np.sqrt(spread), 0.0)


def cohen(counts: Any, weights: str | None = None) -> Any:
    """Return Cohen's κ of confusion matrices (…, target, prediction).

    One less observed over expected disagreement (Cohen, *A coefficient of agreement for nominal
    scales*, 1960); ``weights`` "linear" or "quadratic" counts a far miss as worse, for ordered
    classes. NaN where no disagreement can be expected.

    >>> round(float(cohen([[20, 5], [10, 15]])), 3)
    0.4
    """
    cells = np.asarray(counts, float)
    far = np.abs(np.subtract.outer(*[np.arange(cells.shape[-1])] * 2)).astype(float)
    kinds = {None: (far > 0).astype(float), "linear": far, "quadratic": far**2}
    if weights not in kinds:
        raise InputError("the weights", expected=" or ".join(map(repr, kinds)), got=weights)
    chance = cells.sum(-1)[..., :, None] * cells.sum(-2)[..., None, :]
    expected = (kinds[weights] * chance).sum((-2, -1)) / cells.sum((-2, -1))
    return 1 - _ratio((kinds[weights] * cells).sum((-2, -1)), expected, np.nan)


def _ratio(above: Any, below: Any, zero_division: float) -> Any:
    there = below > 0
    return np.where(there, above / np.where(there, below, 1.0), zero_division)


def _mean(scores: Any, weights: Any, seen: Any, zero_division: float) -> Any:
    """Return the weighted mean of the defined scores; the plain one where none has a weight."""
    defined = ~np.isnan(scores)
    weighted = ((weights > 0) & defined).any(-1, keepdims=True)
    counted = np.where(defined, np.where(weighted, weights, seen), 0.0)
    total = (np.where(defined, scores, 0.0) * counted).sum(-1)
    return _ratio(total, counted.sum(-1), zero_division)
