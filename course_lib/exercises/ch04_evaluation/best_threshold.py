"""Exercise: the threshold with the best F1, on examples kept for choosing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def best_threshold(scores: Any, targets: Any) -> float:
    """Return the score from which on predicting the positive class gives the highest F1."""
    thresholds = np.unique(scores)[::-1]
    return float(thresholds[np.argmax([_f1(scores >= cut, targets) for cut in thresholds])])


def _f1(predicted: Any, targets: Any) -> float:
    below = max(predicted.sum() + (targets == 1).sum(), 1)
    return float(2 * (predicted & (targets == 1)).sum() / below)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four scores first; then rare positives, ties, equal F1s, any scale, none, and more."""
    yield Case("by hand", np.array([0.9, 0.6, 0.4, 0.1]), np.array([1, 0, 1, 0]))
    rare = np.array([0.45, 0.4, 0.35, 0.3, 0.2, 0.15, 0.1, 0.05])
    yield Case("a rare class", rare, np.array([0, 1, 0, 1, 0, 0, 0, 0]))
    yield Case("tied scores", np.array([0.7, 0.7, 0.3, 0.3, 0.2]), np.array([1, 0, 1, 1, 0]))
    tied = np.array([0.9, 0.6, 0.6, 0.6, 0.6, 0.2])
    for targets in ([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0]):  # first and last of the equal ones
        yield Case("tied scores", tied, np.array(targets))
    equal = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    yield Case("equally good thresholds", equal, np.array([1, 0, 0, 1, 0, 0]))
    yield Case("any scale", np.array([3.0, -1.0, -2.0, -5.0, -6.0, -9.0]),
               np.array([1, 1, 0, 0, 0, 1]))  # fmt: skip
    yield Case("no positive", np.array([0.2, 0.7, 0.4]), np.array([0, 0, 0]))
    yield Case("many examples", *_without_equals(rng))


def _without_equals(rng: np.random.Generator) -> tuple[Any, Any]:
    """Return scores and targets where one threshold is best, however F1 is rounded."""
    while True:
        targets = np.r_[1, (rng.random(40) < 0.2).astype(int)]
        scores = (0.35 * targets + 0.6 * rng.random(41)).round(2)
        *_, second, best = sorted(_f1(scores >= cut, targets) for cut in np.unique(scores))
        if best - second > 1e-6:
            return scores, targets


def harmonic(scores: Any, targets: Any) -> float:
    """Be right with precision and recall, from the highest score down."""
    best, chosen = -1.0, 0.0
    for cut in sorted(set(scores.tolist()), reverse=True):
        hits = int(((scores >= cut) & (targets == 1)).sum())
        precision, recall = hits / int((scores >= cut).sum()), hits / max(int(targets.sum()), 1)
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        if f1 > best:
            best, chosen = f1, cut
    return chosen


def sorted_once(scores: Any, targets: Any) -> Any:
    """Be right with running sums that are read at the last of equal scores."""
    order = np.argsort(-scores)
    ranked = scores[order]
    last = np.r_[ranked[1:] != ranked[:-1], True]
    hits, predicted = np.cumsum(targets[order] == 1)[last], np.arange(1, len(scores) + 1)[last]
    return ranked[last][np.argmax(2 * hits / (predicted + (targets == 1).sum()))]


def always_a_half(scores: Any, targets: Any) -> float:
    """Take one half."""
    return 0.5


def by_accuracy(scores: Any, targets: Any) -> Any:
    """Take the threshold of the best accuracy."""
    thresholds = np.unique(scores)[::-1]
    return thresholds[np.argmax([np.mean((scores >= t) == targets) for t in thresholds])]


def above_it(scores: Any, targets: Any) -> Any:
    """Predict the positive class above the threshold, but not on it."""
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


def through_ties(scores: Any, targets: Any) -> Any:
    """Read running sums within equal scores too."""
    order = np.argsort(-scores, kind="stable")
    hits, predicted = np.cumsum(targets[order] == 1), np.arange(1, len(scores) + 1)
    return scores[order][np.argmax(2 * hits / (predicted + (targets == 1).sum()))]


def from_0_to_1(scores: Any, targets: Any) -> Any:
    """Try a hundred thresholds from 0 to 1."""
    grid = np.linspace(0, 1, 101)
    return grid[np.argmax([_f1(scores >= cut, targets) for cut in grid])]


def nothing_beats_zero(scores: Any, targets: Any) -> Any:
    """Begin with a best F1 of 0 at the threshold 0, which an F1 of 0 does not beat."""
    best, chosen = 0.0, 0.0
    for cut in np.unique(scores)[::-1]:
        if _f1(scores >= cut, targets) > best:
            best, chosen = _f1(scores >= cut, targets), float(cut)
    return chosen


def between_two_scores(scores: Any, targets: Any) -> Any:
    """Put the threshold half way to the next lower score."""
    thresholds = np.unique(scores)
    lower = np.r_[thresholds[0], thresholds[:-1]]
    return ((thresholds + lower) / 2)[np.searchsorted(thresholds, best_threshold(scores, targets))]


EXERCISE = Exercise(
    name="best_threshold",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch04_evaluation.best_threshold:best_threshold",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(harmonic, sorted_once),
    mistakes=(
        Mistake("always one half", always_a_half,
                "One half is right for probabilities and equal costs, and accuracy. For a rare "
                "class most scores lie below it, and nothing is found."),
        Mistake("the best accuracy", by_accuracy,
                "You took the best accuracy, which for a rare class is to predict nothing "
                "positive. Compare the F1 of class 1."),
        Mistake("above, not from", above_it,
                "With > the example on the threshold itself is not predicted positive. The text "
                "says *from this score on*: >=."),
        Mistake("the lowest of equals", lowest_of_equals,
                "Where thresholds are equally good, take the highest, which raises the fewest "
                "false alarms. argmax gives the first: begin with the highest."),
        Mistake("all are found", finds_everything,
                "This threshold finds every positive, whatever the false alarms: recall alone. F1 "
                "weighs both."),
        Mistake("the score for the threshold", the_score_itself,
                "That is the best F1 itself. Return the threshold that reaches it."),
        Mistake("a running sum through ties", through_ties,
                "Equal scores pass the threshold together. Your running sum also stops between "
                "them, at an F1 that no threshold reaches: read it at the last of equal scores."),
        Mistake("thresholds from 0 to 1", from_0_to_1,
                "You tried a grid from 0 to 1. Scores may lie outside, and a grid misses what lies "
                "between its lines: the scores themselves are the only thresholds that matter."),
        Mistake("nothing beats 0", nothing_beats_zero,
                "The search begins with a best F1 of 0.0, and an F1 of 0 does not beat it: your "
                "starting threshold came back. Begin below every score, with -1."),
        Mistake("between two scores", between_two_scores,
                "The threshold lies between two scores. It predicts the same here, but the text "
                "asks for one of the scores."),
    ),
    hints=(
        "How many different thresholds make a difference, if there are four scores?",
        "Only the scores themselves need to be tried: np.unique(scores). For each, predicted = "
        "scores >= threshold, and its F1.",
        "thresholds = np.unique(scores)[::-1]; F1 = 2 · hits / (predicted.sum() + targets.sum()); "
        "return thresholds[np.argmax(f1s)].",
    ),
)  # fmt: skip
