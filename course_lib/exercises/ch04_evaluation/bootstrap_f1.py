"""Exercise: vectorise a bootstrap of F1, that a loop over resamples makes slow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.probes import call_counting_steps

MOST_STEPS = 200
"""Lines of Python that a call may run: arrays need a dozen, a loop over 300 resamples more."""

_near = close(relative=1e-9, absolute=1e-12)


def bootstrap_f1(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Return the F1 of class 1 in each resample; ``chosen`` (resample, example) are indices."""
    called, there = predictions[chosen] == 1, targets[chosen] == 1
    hits, below = (called & there).sum(axis=1), called.sum(axis=1) + there.sum(axis=1)
    return 2 * hits / np.maximum(below, 1)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two resamples by hand; then as many as examples, one with nothing, and hundreds."""
    predictions, targets = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0])
    yield Case("by hand", predictions, targets, np.array([[0, 0, 1, 2], [0, 3, 3, 2]]))
    square = np.array([[3, 2, 1], [0, 0, 2], [1, 1, 0]])
    yield Case("as many resamples as drawn examples", predictions, targets, square)
    yield Case("nothing to find", predictions, targets, np.array([[3, 3, 3, 3], [0, 3, 3, 3]]))
    targets = np.r_[1, (rng.random(29) < 0.4).astype(int)]
    predictions = np.where(rng.random(30) < 0.7, targets, 1 - targets)
    yield Case("drawn resamples", predictions, targets, rng.integers(30, size=(5, 30)))
    yield Case("hundreds in few steps", predictions, targets, rng.integers(30, size=(300, 30)))


def loops(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Go on resample by resample."""
    scores = []
    for row in chosen:
        called, there = predictions[row] == 1, targets[row] == 1
        below = called.sum() + there.sum()
        scores.append(2 * (called & there).sum() / below if below else 0.0)
    return np.array(scores)


def pairs_torn(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Resample the predictions alone."""
    called, there = predictions[chosen] == 1, targets[: chosen.shape[1]] == 1
    below = called.sum(axis=1) + there.sum()
    return 2 * (called & there).sum(axis=1) / np.maximum(below, 1)


def other_axis(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Sum over the resamples."""
    return bootstrap_f1(predictions, targets, chosen.T)


def zero_over_zero(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Divide zero by zero."""
    called, there = predictions[chosen] == 1, targets[chosen] == 1
    with np.errstate(all="ignore"):
        hits = (called & there).sum(axis=1)
        return 2 * hits / (called.sum(axis=1) + there.sum(axis=1))


def all_together(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Score all resamples as one."""
    called, there = predictions[chosen] == 1, targets[chosen] == 1
    return 2 * (called & there).sum() / max(called.sum() + there.sum(), 1)


def accuracies(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Return the accuracy of each resample."""
    return (predictions[chosen] == targets[chosen]).mean(axis=1)


EXERCISE = Exercise(
    name="bootstrap_f1",
    points=3,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.exercises.ch04_evaluation.bootstrap_f1:bootstrap_f1",
    cases=cases,
    probe=call_counting_steps,
    compare=in_few_steps(_near, MOST_STEPS),
    alike=looping_alike(_near, MOST_STEPS),
    mistakes=(
        Mistake("still a loop", loops,
                "The values are right, but Python still goes through the resamples one by one. "
                "predictions[chosen] is a table of all of them: sum along axis 1."),
        Mistake("pairs torn apart", pairs_torn,
                "The predictions were resampled and the targets were not, so that they no longer "
                "belong together. Draw *examples*: the same indices for both."),
        Mistake("the other axis", other_axis,
                "You summed over the resamples. Each row of chosen is one: sum along axis 1."),
        Mistake("zero over zero", zero_over_zero,
                "A resample may hold no positive and no call: 0 / 0 is nan, and one nan spoils "
                "the interval. The listing says 0 there; np.maximum(below, 1) does it."),
        Mistake("all resamples as one", all_together,
                "One number came back. Keep the resamples apart: a score for each row."),
        Mistake("accuracy for F1", accuracies,
                "These are accuracies. F1 takes hits, calls and positives of each resample."),
    ),
    hints=(
        "What is the shape of predictions[chosen], where chosen is (resamples, examples)?",
        "(called & there).sum(axis=1) counts the hits of every resample at once; so do called and "
        "there alone.",
        "called, there = predictions[chosen] == 1, targets[chosen] == 1; return 2 * hits / "
        "np.maximum(called.sum(axis=1) + there.sum(axis=1), 1).",
    ),
)  # fmt: skip
