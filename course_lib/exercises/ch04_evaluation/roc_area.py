"""Exercise: the area under the ROC curve, ties and all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def roc_area(scores: Any, targets: Any) -> float:
    """Return how often a positive outscores a negative; a tie counts half."""
    difference = scores[targets == 1][:, None] - scores[targets == 0][None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four scores first; then ties and near ties, a bad order, any scale, and more."""
    yield Case("by hand", np.array([0.9, 0.3, 0.4, 0.1]), np.array([1, 1, 0, 0]))
    yield Case("ties", np.array([0.7, 0.7, 0.7, 0.2]), np.array([1, 0, 0, 1]))
    yield Case("all scores equal", np.array([0.5, 0.5, 0.5]), np.array([0, 1, 0]))
    near = 0.5 + np.array([2e-9, 1e-9, 0.0])
    yield Case("nearly equal is not equal", near, np.array([1, 0, 0]))
    yield Case("worse than a coin", np.array([0.1, 0.2, 0.8, 0.3]), np.array([1, 1, 0, 0]))
    yield Case("scores that are no probabilities", np.array([4.0, 1.0, -1.0, -3.0, 2.0]),
               np.array([0, 1, 0, 0, 1]))  # fmt: skip
    targets = np.r_[1, 0, (rng.random(28) < 0.3).astype(int)]
    scores = (targets * 0.3 + rng.random(30)).round(1)
    yield Case("many, with ties", scores, targets)


def by_sorting(scores: Any, targets: Any) -> float:
    """Be right by looking up each positive's place among the sorted negatives."""
    positives, negatives = scores[targets == 1], np.sort(scores[targets == 0])
    below, up_to = (np.searchsorted(negatives, positives, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(negatives))


def pair_by_pair(scores: Any, targets: Any) -> float:
    """Be right with two loops."""
    rows = list(zip(scores.tolist(), targets.tolist(), strict=True))
    points = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, kind in rows if kind == 1
        for other, other_kind in rows if other_kind == 0
    ]  # fmt: skip
    return sum(points) / len(points)


def _difference(scores: Any, targets: Any) -> Any:
    return scores[targets == 1][:, None] - scores[targets == 0][None, :]


def ties_won(scores: Any, targets: Any) -> Any:
    """Count a tie as won."""
    difference = scores[targets == 1][:, None] - scores[targets == 0][None, :]
    return float((difference >= 0).mean())


def ties_lost(scores: Any, targets: Any) -> Any:
    """Count a tie as lost."""
    difference = scores[targets == 1][:, None] - scores[targets == 0][None, :]
    return float((difference > 0).mean())


def hard_labels(scores: Any, targets: Any) -> Any:
    """Cut the scores at one half first."""
    return roc_area((scores > 0.5).astype(float), targets)


def upside_down(scores: Any, targets: Any) -> Any:
    """Ask how often the negative is above."""
    return 1 - roc_area(scores, targets)


def all_pairs(scores: Any, targets: Any) -> Any:
    """Divide by all pairs, those of equal kind too."""
    difference = _difference(scores, targets)
    return np.sum((difference > 0) + 0.5 * (difference == 0)) / len(scores) ** 2


def in_their_order(scores: Any, targets: Any) -> Any:
    """Let equal scores pass one by one, in the order in which they lie."""
    hit = targets[np.argsort(-scores, kind="stable")]
    heights = np.cumsum(hit) / hit.sum()
    return np.mean(heights[hit == 0])


def nearly_equal(scores: Any, targets: Any) -> Any:
    """Take nearly equal scores for equal."""
    positives, negatives = scores[targets == 1][:, None], scores[targets == 0][None, :]
    tied = np.isclose(positives, negatives)
    return np.mean(((positives > negatives) & ~tied) + 0.5 * tied)


def never_below_a_half(scores: Any, targets: Any) -> Any:
    """Turn an area below one half over."""
    area = roc_area(scores, targets)
    return max(area, 1 - area)


def ranks_by_argsort(scores: Any, targets: Any) -> Any:
    """Rank by argsort of argsort, which ranks equal scores one above the other."""
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable")[targets == 1]
    count = len(ranks)
    return (ranks.sum() - count * (count - 1) / 2) / (count * (len(scores) - count))


def thresholds_from_0_to_1(scores: Any, targets: Any) -> Any:
    """Draw the curve at a hundred thresholds from 0 to 1."""
    cuts = np.linspace(1, 0, 101)[:, None]
    found, false = ((scores[targets == kind] >= cuts).mean(axis=1) for kind in (1, 0))
    return float((np.diff(false) * (found[1:] + found[:-1]) / 2).sum())


def average_precision(scores: Any, targets: Any) -> Any:
    """Average the precision over the recall."""
    cuts = np.unique(scores)[::-1, None]
    found = ((scores >= cuts) & (targets == 1)).sum(axis=1)
    precision = found / (scores >= cuts).sum(axis=1)
    return float((np.diff(found, prepend=0) * precision).sum() / found[-1])


EXERCISE = Exercise(
    name="roc_area",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch04_evaluation.roc_area:roc_area",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(by_sorting, pair_by_pair),
    not_by=(
        "course_lib.evaluation.metrics:roc_auc",
        "course_lib.evaluation.metrics:roc_auc_by_definition",
        "course_lib.evaluation.metrics:roc_curve",
        "sklearn.metrics:roc_auc_score",
        "sklearn.metrics:roc_curve",
        "scipy.stats:mannwhitneyu",
    ),
    mistakes=(
        Mistake("a tie is won", ties_won,
                "Equal scores count as won. A constant score would then be perfect. A tie is a "
                "coin: count it half."),
        Mistake("a tie is lost", ties_lost,
                "Equal scores count as lost, so a constant score gets 0 instead of ½. A tie is a "
                "coin: count it half."),
        Mistake("area of hard labels", hard_labels,
                "You cut the scores at 0.5 and measured the labels. The area is about the *order* "
                "of scores, at all thresholds; nor need they be probabilities."),
        Mistake("upside down", upside_down,
                "You counted how often the negative is above the positive. A good score gives an "
                "area near 1."),
        Mistake("divided by all pairs", all_pairs,
                "Only pairs of a positive and a negative are compared: divide by their number, "
                "positives times negatives."),
        Mistake("ties in the order they lie", in_their_order,
                "Equal scores passed the threshold one after the other, so the area depends on "
                "how the examples happen to lie. Let them pass together, or count a tie half."),
        Mistake("nearly equal for equal", nearly_equal,
                "np.isclose calls scores equal that differ by little. Here only the order counts: "
                "a score that is higher by 1e-9 is higher. Compare with > and ==."),
        Mistake("never below one half", never_below_a_half,
                "You turned areas below ½ over. A model that ranks negatives above positives is "
                "worse than a coin, and the number should say so."),
        Mistake("argsort for ranks", ranks_by_argsort,
                "argsort of argsort gives equal scores different ranks, by where they lie. Equal "
                "scores share the mean of their ranks (scipy.stats.rankdata)."),
        Mistake("thresholds from 0 to 1", thresholds_from_0_to_1,
                "You tried thresholds from 0 to 1 only, on a grid. Scores may be any numbers, and "
                "two may lie between two lines of the grid: the scores themselves are the "
                "thresholds."),
        Mistake("average precision", average_precision,
                "That is the area under the *precision–recall* curve. The ROC area compares "
                "positives with negatives, pair by pair."),
    ),
    hints=(
        "Take one positive and one negative. What is the chance that the positive has the higher "
        "score? What if the scores are equal?",
        "scores[targets == 1][:, None] and scores[targets == 0][None, :] make a table of all "
        "pairs of the two kinds.",
        "difference = positives[:, None] - negatives[None, :]; return the mean of "
        "(difference > 0) + 0.5 * (difference == 0).",
    ),
)  # fmt: skip
