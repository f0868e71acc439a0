"""Exercise: vectorise a bootstrap of F1, that a loop over resamples makes slow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.probes import call_counting_steps
from course_lib.exercises.returned import ARRAY

MOST_STEPS = 200
"""Lines of Python that a call may run: arrays need a dozen, a loop over 300 resamples more."""

_near = close(relative=1e-9, absolute=1e-12)


def bootstrap_f1(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Return the F1 of class 1 in each resample; ``chosen`` (resample, example) are indices."""
    predicted, there = predictions[chosen] == 1, targets[chosen] == 1
    hits, below = (predicted & there).sum(axis=1), predicted.sum(axis=1) + there.sum(axis=1)
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


def by_how_often(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Be right with how often each example was drawn, and matrix products."""
    resamples, examples = len(chosen), len(targets)
    cells = (np.arange(resamples)[:, None] * examples + chosen).ravel()
    times = np.bincount(cells, minlength=resamples * examples).reshape(resamples, examples)
    below = times @ (predictions + targets)
    return np.where(below == 0, 0.0, 2 * (times @ (predictions * targets)) / np.maximum(below, 1))


def by_products(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Be right with einsum over products of 0s and 1s."""
    one, other = predictions[chosen].astype(float), targets[chosen].astype(float)
    hits, wrong = np.einsum("rd,rd->r", one, other), np.abs(one - other).sum(axis=1)
    below = hits + wrong / 2
    return np.divide(hits, below, out=np.zeros(len(chosen)), where=below > 0)


def loops(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Go on resample by resample."""
    scores = []
    for row in chosen:
        predicted, there = predictions[row] == 1, targets[row] == 1
        below = predicted.sum() + there.sum()
        scores.append(2 * (predicted & there).sum() / below if below else 0.0)
    return np.array(scores)


def pairs_torn(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Resample the predictions alone."""
    predicted, there = predictions[chosen] == 1, targets[: chosen.shape[1]] == 1
    below = predicted.sum(axis=1) + there.sum()
    return 2 * (predicted & there).sum(axis=1) / np.maximum(below, 1)


def other_axis(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Sum over the resamples."""
    return bootstrap_f1(predictions, targets, chosen.T)


def zero_over_zero(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Divide zero by zero."""
    predicted, there = predictions[chosen] == 1, targets[chosen] == 1
    with np.errstate(all="ignore"):
        hits = (predicted & there).sum(axis=1)
        return 2 * hits / (predicted.sum(axis=1) + there.sum(axis=1))


def all_together(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Score all resamples as one."""
    predicted, there = predictions[chosen] == 1, targets[chosen] == 1
    return 2 * (predicted & there).sum() / max(predicted.sum() + there.sum(), 1)


def accuracies(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Return the accuracy of each resample."""
    return (predictions[chosen] == targets[chosen]).mean(axis=1)


def macro(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Return the mean of both classes' F1."""
    both = [bootstrap_f1(predictions, targets, chosen)]
    both.append(bootstrap_f1(1 - predictions, 1 - targets, chosen))
    return np.mean(both, axis=0)


def an_axis_too_many(predictions: Any, targets: Any, chosen: Any) -> Any:
    """Keep the axis that was summed over."""
    return bootstrap_f1(predictions, targets, chosen)[:, None]


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
    returns=ARRAY,
    alternatives=(by_how_often, by_products),
    not_by=("course_lib.evaluation:bootstrap_scores",),
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
                "A resample may hold no positive, and none predicted: 0 / 0 is nan, and one nan "
                "spoils the interval. The listing says 0 there; np.maximum(below, 1) does it."),
        Mistake("all resamples as one", all_together,
                "One number came back. Keep the resamples apart: a score for each row."),
        Mistake("accuracy for F1", accuracies,
                "These are accuracies. F1 takes hits, predicted and there of each resample."),
        Mistake("macro F1", macro,
                "That is the mean of both classes' F1. The text asks for the F1 of class 1."),
        Mistake("an axis too many", an_axis_too_many,
                "The result has the shape (resamples, 1): keepdims keeps the axis that was "
                "summed over. Sum without it: one number for each resample."),
    ),
    hints=(
        "What is the shape of predictions[chosen], where chosen is (resamples, examples)?",
        "(predicted & there).sum(axis=1) counts the hits of every resample at once; so do "
        "predicted and there alone.",
        "predicted, there = predictions[chosen] == 1, targets[chosen] == 1; return 2 * hits / "
        "np.maximum(predicted.sum(axis=1) + there.sum(axis=1), 1).",
    ),
)  # fmt: skip
