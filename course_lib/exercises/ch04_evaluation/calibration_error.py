"""Exercise: the expected calibration error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two examples first; then a wrong class, sure ones, a bin's edge, empty bins, more."""
    yield Case("by hand", _rows([0.8, 0.8]), np.array([0, 1]), 10)
    yield Case("more than two classes", np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]),
               np.array([1, 2]), 5)  # fmt: skip
    yield Case("wholly sure", _rows([1.0, 1.0, 0.6]), np.array([0, 1, 0]), 10)
    yield Case("on the edge of a bin", _rows([0.75, 0.75, 0.9]), np.array([0, 0, 1]), 4)
    yield Case("too sure and too modest", _rows([0.95, 0.95, 0.6, 0.6]), np.array([0, 1, 0, 0]), 10)
    table = rng.dirichlet([0.6, 0.4, 0.5], 40)
    yield Case("many examples", table, rng.integers(0, 3, 40), 8)


def _rows(confidences: list[float]) -> Any:
    return np.array([[one, 1 - one] for one in confidences])


def _parts(probabilities: Any, targets: Any, bins: int) -> tuple[Any, Any, Any]:
    confidence = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == targets).astype(float)
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
    return confidence, right, place


def _gaps(confidence: Any, right: Any, place: Any) -> tuple[Any, Any]:
    kinds = np.unique(place)
    gaps = [confidence[place == k].mean() - right[place == k].mean() for k in kinds]
    return np.array(gaps), np.array([np.mean(place == k) for k in kinds])


def by_sums(probabilities: Any, targets: Any, bins: int = 10) -> float:
    """Be right with sums by bin, each found by rounding up."""
    confidence = probabilities.max(axis=1)
    place = np.ceil(confidence * bins).astype(int) - 1
    gaps = np.zeros(bins)
    np.add.at(gaps, place, confidence - (probabilities.argmax(axis=1) == targets))
    return float(np.abs(gaps).sum() / len(targets))


def bin_by_bin(probabilities: Any, targets: Any, bins: int = 10) -> float:
    """Be right with a loop over edges and Python's own numbers."""
    rows = zip(probabilities.tolist(), targets.tolist(), strict=True)
    pairs = [(max(row), float(row.index(max(row)) == target)) for row, target in rows]
    error = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(sure, right) for sure, right in pairs if low < sure <= high]
        error += abs(sum(sure - right for sure, right in inside)) / len(pairs)
    return error


def mean_of_bins(probabilities: Any, targets: Any, bins: int) -> Any:
    """Give each bin the same weight."""
    return np.abs(_gaps(*_parts(probabilities, targets, bins))[0]).mean()


def largest_gap(probabilities: Any, targets: Any, bins: int) -> Any:
    """Take the largest gap."""
    return np.abs(_gaps(*_parts(probabilities, targets, bins))[0]).max()


def gaps_cancel(probabilities: Any, targets: Any, bins: int) -> Any:
    """Let gaps of two signs cancel."""
    right = probabilities.argmax(axis=1) == targets
    return abs(probabilities.max(axis=1).mean() - right.mean())


def of_the_first_class(probabilities: Any, targets: Any, bins: int) -> Any:
    """Take the probability of the true class for the confidence."""
    confidence = probabilities[np.arange(len(targets)), targets]
    _, right, _ = _parts(probabilities, targets, bins)
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
    gaps, weights = _gaps(confidence, right, place)
    return (np.abs(gaps) * weights).sum()


def lower_edges(probabilities: Any, targets: Any, bins: int) -> Any:
    """Let a bin hold its lower edge."""
    confidence, right, _ = _parts(probabilities, targets, bins)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps, weights = _gaps(confidence, right, place)
    return (np.abs(gaps) * weights).sum()


def sure_ones_lost(probabilities: Any, targets: Any, bins: int) -> Any:
    """Lose the examples whose confidence is 1."""
    confidence, right, place = _parts(probabilities, targets, bins)
    kept = confidence < 1
    gaps, weights = _gaps(confidence[kept], right[kept], place[kept])
    return (np.abs(gaps) * weights).sum() * kept.mean()


def empty_bins(probabilities: Any, targets: Any, bins: int) -> Any:
    """Divide by the count of an empty bin."""
    confidence, right, place = _parts(probabilities, targets, bins)
    counts = np.bincount(place, minlength=bins)
    sums = np.bincount(place, confidence, bins) - np.bincount(place, right, bins)
    with np.errstate(all="ignore"):
        gap = sums / counts
        return (np.abs(gap) * counts).sum() / len(targets)


def gap_of_each_example(probabilities: Any, targets: Any, bins: int) -> Any:
    """Average the gaps of single examples."""
    confidence, right, _ = _parts(probabilities, targets, bins)
    return np.abs(confidence - right).mean()


def too_sure_only(probabilities: Any, targets: Any, bins: int) -> Any:
    """Count the bins alone in which the model is too sure."""
    gaps, weights = _gaps(*_parts(probabilities, targets, bins))
    return (np.maximum(gaps, 0) * weights).sum()


EXERCISE = Exercise(
    name="calibration_error",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.evaluation.metrics.calibration:calibration_error",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(by_sums, bin_by_bin),
    not_by=(
        "course_lib.evaluation.metrics:calibration_error",
        "course_lib.evaluation.metrics:reliability",
    ),
    mistakes=(
        Mistake("each bin weighs the same", mean_of_bins,
                "You took the plain mean over the bins. A bin with one example then counts as "
                "much as one with a hundred: weigh by what lies in it."),
        Mistake("the largest gap", largest_gap,
                "That is the largest gap. The *expected* error is the mean gap, weighted by the "
                "bins' counts."),
        Mistake("gaps cancel", gaps_cancel,
                "One bin is too sure, another too modest, and the two cancel. Take the absolute "
                "value of each bin's gap before you add."),
        Mistake("the wrong class", of_the_first_class,
                "You took the probability of the *true* class for the confidence. The model does "
                "not know it: its confidence is the largest probability."),
        Mistake("lower edges", lower_edges,
                "A confidence on the edge between two bins belongs to the lower one here, as in "
                "the paper: above one edge, up to the next."),
        Mistake("sure ones lost", sure_ones_lost,
                "Examples with confidence 1 fell off the last bin. Its upper edge belongs to it."),
        Mistake("empty bins", empty_bins,
                "An empty bin has no mean: 0 / 0 is nan, and spoils the sum. It weighs nothing; "
                "leave it out."),
        Mistake("a gap for each example", gap_of_each_example,
                "You took the gap of each example. A single one is right or wrong, never 80 %: "
                "only a bin's *share* of right can be compared with its mean confidence."),
        Mistake("too sure only", too_sure_only,
                "Bins in which the model is too modest count nothing here. A gap is a gap to "
                "either side: take its absolute value."),
    ),
    hints=(
        "If a model says 0.8 for ten examples, how many of them should be right?",
        "Confidence: probabilities.max(axis=1). Right: probabilities.argmax(axis=1) == targets. "
        "For each bin, the difference of their means, and the share of examples in it.",
        "for low, high of the edges: inside = (confidence > low) & (confidence <= high); if any, "
        "add inside.mean() * abs(confidence[inside].mean() - right[inside].mean()).",
    ),
)  # fmt: skip
