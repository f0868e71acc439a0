"""How far people agree: the height that no honest model of their labels can go beyond.

Where two raters give different answers to the same question, one *right* answer is a fiction.
Measure how far one person foretells the others before you blame a model for the same distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite


@dataclass(frozen=True, eq=False)
class RaterSpread:
    """How the ratings of the same items lie about their means."""

    means: Float[np.ndarray, " item"]
    deviations: Float[np.ndarray, " item"]
    human_correlation: float
    human_sign: float

    @property
    def typical(self) -> float:
        """The root mean square of the items' standard deviations."""
        return float(np.sqrt(np.mean(self.deviations**2)))


def rater_spread(ratings: Any) -> RaterSpread:
    """Return means, standard deviations (n − 1), and how well one rater foretells the others.

    ``ratings`` is (item, rater). Each rater is left out in turn and compared with the mean of the
    others: ``human_correlation`` is the mean Pearson correlation, ``human_sign`` how often the sign
    is the same where neither is 0. Raises ``ShapeError`` for other shapes, ``InputError`` for
    fewer than two raters, or NaN.

    >>> spread = rater_spread([[1, 2, 3], [-2, -2, -2], [0, 1, -1]])
    >>> spread.means.tolist(), spread.deviations.tolist(), round(spread.human_correlation, 3)
    ([2.0, -2.0, 0.0], [1.0, 0.0, 1.0], 0.906)
    """
    table = finite(as_array(ratings), "the ratings").astype(float)
    if table.ndim != 2 or not len(table):
        raise ShapeError("the ratings", expected="(item, rater)", got=table.shape)
    raters = table.shape[1]
    if raters < 2:
        raise InputError("the raters", expected="at least two", got=raters)
    others = (table.sum(axis=1, keepdims=True) - table) / (raters - 1)
    both = (table != 0) & (others != 0)
    same = (np.sign(table) == np.sign(others))[both]
    return RaterSpread(
        table.mean(axis=1),
        table.std(axis=1, ddof=1),
        float(np.mean([_correlation(table[:, r], others[:, r]) for r in range(raters)])),
        float(same.mean()) if same.size else float("nan"),
    )


def fleiss_kappa(counts: Any) -> float:
    """Return Fleiss' κ of several raters: agreement beyond chance; NaN where none is possible.

    ``counts`` (item, category) says how many raters gave an item each category, the same number
    of raters for every item. From: Fleiss, *Measuring nominal scale agreement among many raters*,
    1971. Raises ``ShapeError``, and ``InputError`` for unequal numbers of raters.

    >>> round(fleiss_kappa([[3, 0], [0, 3], [2, 1]]), 3)
    0.55
    """
    table = finite(as_array(counts), "the counts").astype(float)
    if table.ndim != 2 or not len(table):
        raise ShapeError("the counts", expected="(item, category)", got=table.shape)
    raters = table.sum(axis=1)
    if raters[0] < 2 or (raters != raters[0]).any():
        expected = "the same number, two at least, for every item"
        raise InputError("the raters", expected=expected, got=sorted(set(raters.tolist())))
    pairs = (table * (table - 1)).sum(axis=1) / (raters * (raters - 1))
    chance = float(((table.sum(axis=0) / table.sum()) ** 2).sum())
    return (float(pairs.mean()) - chance) / (1 - chance) if chance < 1 else float("nan")


def category_counts(labels: Any, categories: Any = None) -> Float[np.ndarray, "item category"]:
    """Return how often each item got each category, from labels (item, rater).

    >>> category_counts([["a", "a"], ["a", "b"]]).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """
    table = as_array(labels)
    if table.ndim != 2 or not len(table):
        raise ShapeError("the labels", expected="(item, rater)", got=table.shape)
    names = np.unique(table if categories is None else as_array(categories))
    if not np.isin(table, names).all():
        raise InputError("a label", expected=f"one of {names.tolist()}", got="another")
    return np.stack([(table == name).sum(axis=1) for name in names], axis=1).astype(float)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if one.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
