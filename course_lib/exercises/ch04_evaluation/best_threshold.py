"""Exercise: the threshold with the best F1, on examples kept for choosing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close


def best_threshold(scores: Any, targets: Any) -> float:
    """Return the score from which on calling an example positive gives the highest F1."""
    thresholds = np.unique(scores)[::-1]
    return float(thresholds[np.argmax([_f1(scores >= cut, targets) for cut in thresholds])])


def _f1(called: Any, targets: Any) -> float:
    return float(2 * (called & (targets == 1)).sum() / (called.sum() + (targets == 1).sum()))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four scores first; then rare positives, ties, equal F1s, any scale, and more."""
    yield Case("by hand", np.array([0.9, 0.6, 0.4, 0.1]), np.array([1, 0, 1, 0]))
    rare = np.array([0.45, 0.4, 0.35, 0.3, 0.2, 0.15, 0.1, 0.05])
    yield Case("a rare class", rare, np.array([0, 1, 0, 1, 0, 0, 0, 0]))
    yield Case("tied scores", np.array([0.7, 0.7, 0.3, 0.3, 0.2]), np.array([1, 0, 1, 1, 0]))
    equal = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    yield Case("equally good thresholds", equal, np.array([1, 0, 0, 1, 0, 0]))
    yield Case("any scale", np.array([3.0, -1.0, -2.0, -5.0, -6.0, -9.0]),
               np.array([1, 1, 0, 0, 0, 1]))  # fmt: skip
    targets = np.r_[1, (rng.random(40) < 0.2).astype(int)]
    yield Case("many examples", (0.35 * targets + 0.6 * rng.random(41)).round(2), targets)


def always_a_half(scores: Any, targets: Any) -> float:
    """Take one half."""
    return 0.5


def by_accuracy(scores: Any, targets: Any) -> Any:
    """Take the threshold of the best accuracy."""
    thresholds = np.unique(scores)[::-1]
    return thresholds[np.argmax([np.mean((scores >= t) == targets) for t in thresholds])]


def above_it(scores: Any, targets: Any) -> Any:
    """Call positive what lies above the threshold, but not what lies on it."""
    thresholds = np.unique(scores)[::-1]
    return thresholds[np.argmax([_f1(scores > cut, targets) for cut in thresholds])]


def lowest_of_equals(scores: Any, targets: Any) -> Any:
    """Take the lowest of equally good thresholds."""
    thresholds = np.unique(scores)
    return thresholds[np.argmax([_f1(scores >= cut, targets) for cut in thresholds])]


def finds_everything(scores: Any, targets: Any) -> Any:
    """Take the threshold that finds all positives."""
    return scores[targets == 1].min()


def the_score_itself(scores: Any, targets: Any) -> Any:
    """Return the best F1 instead of its threshold."""
    return max(_f1(scores >= cut, targets) for cut in scores)


EXERCISE = Exercise(
    name="best_threshold",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch04_evaluation.best_threshold:best_threshold",
    cases=cases,
    compare=close(),
    mistakes=(
        Mistake("always one half", always_a_half,
                "One half is right for probabilities and equal costs, and accuracy. For a rare "
                "class most scores lie below it, and nothing is found."),
        Mistake("the best accuracy", by_accuracy,
                "You took the best accuracy, which for a rare class is to call nothing positive. "
                "Compare the F1 of class 1."),
        Mistake("above, not from", above_it,
                "With > the example on the threshold itself is not called positive. The text says "
                "*from this score on*: >=."),
        Mistake("the lowest of equals", lowest_of_equals,
                "Where thresholds are equally good, take the highest, which raises the fewest "
                "alarms. argmax gives the first: begin with the highest."),
        Mistake("all are found", finds_everything,
                "This threshold finds every positive, whatever the false alarms: recall alone. F1 "
                "weighs both."),
        Mistake("the score for the threshold", the_score_itself,
                "That is the best F1 itself. Return the threshold that reaches it."),
    ),
    hints=(
        "How many different thresholds make a difference, if there are four scores?",
        "Only the scores themselves need to be tried: np.unique(scores). For each, called = "
        "scores >= threshold, and its F1.",
        "thresholds = np.unique(scores)[::-1]; F1 = 2 · hits / (called.sum() + targets.sum()); "
        "return thresholds[np.argmax(f1s)].",
    ),
)  # fmt: skip
