"""Exercise: the area under the ROC curve, ties and all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close


def roc_area(scores: Any, targets: Any) -> float:
    """Return how often a positive outscores a negative; a tie counts half."""
    difference = scores[targets == 1][:, None] - scores[targets == 0][None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four scores first; then ties, scores beyond 0 and 1, unequal classes, and more."""
    yield Case("by hand", np.array([0.9, 0.3, 0.4, 0.1]), np.array([1, 1, 0, 0]))
    yield Case("ties", np.array([0.7, 0.7, 0.7, 0.2]), np.array([1, 0, 0, 1]))
    yield Case("all scores equal", np.array([0.5, 0.5, 0.5]), np.array([0, 1, 0]))
    yield Case("scores that are no probabilities", np.array([4.0, 1.0, -1.0, -3.0, 2.0]),
               np.array([0, 1, 0, 0, 1]))  # fmt: skip
    targets = np.r_[1, 0, (rng.random(28) < 0.3).astype(int)]
    scores = (targets * 0.3 + rng.random(30)).round(1)
    yield Case("many, with ties", scores, targets)


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


EXERCISE = Exercise(
    name="roc_area",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch04_evaluation.roc_area:roc_area",
    cases=cases,
    compare=close(),
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
