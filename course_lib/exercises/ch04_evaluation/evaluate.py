"""Exercise: mend an evaluation that looks right and gives a number too good, or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch04_evaluation.probes import call_with_model

Batches = list[tuple[Any, Any]]


def evaluate(model: Any, batches: Batches) -> float:
    """Return the F1 of class 1 over all examples of all batches, 0.0 where nothing is hit."""
    model.eval()
    hits = called = there = 0
    for inputs, targets in batches:
        predictions = model(inputs)
        hits += int(((predictions == 1) & (targets == 1)).sum())
        called += int((predictions == 1).sum())
        there += int((targets == 1).sum())
    return 2 * hits / (called + there) if hits else 0.0


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one batch first; then what each fault needs to show, then several drawn batches."""
    plain = np.array([[0.5, 2.0], [-0.5, 3.0], [-1.0, -1.0], [0.5, -2.0]])
    yield Case("a model that errs", batches=[(plain, np.array([1, 0, 1, 0]))])
    first = np.array([[5.0, -1.0], [-5.0, 1.0], [3.0, 1.0]])
    yield Case("a model for use", batches=[(first, np.array([1, 0, 1]))])
    short = np.array([[1.0, 1.0]])
    yield Case(
        "batches of unequal size", batches=[(plain, np.array([1, 1, 0, 1])), (short, np.array([1]))]
    )
    yield Case("nothing to find", batches=[(-np.abs(plain), np.array([0, 0, 0, 0]))])
    yield Case("a batch without positives", batches=[(plain, np.array([1, 0, 0, 1])),
               (-np.abs(plain), np.array([0, 0, 0, 0]))])  # fmt: skip
    yield Case("several batches", batches=[_batch(rng, size) for size in (6, 6, 6, 3)])


def _batch(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    inputs = np.r_[[[2.0, -1.0], [-2.0, 1.0]], rng.normal(size=(size - 2, 2))]
    return inputs, np.r_[1, 0, (rng.random(size - 2) < 0.5).astype(int)]


def _f1(predictions: Any, targets: Any) -> Any:
    with np.errstate(all="ignore"):
        hits = ((predictions == 1) & (targets == 1)).sum()
        return np.float64(2 * hits) / ((predictions == 1).sum() + (targets == 1).sum())


def listing(model: Any, batches: Batches) -> Any:
    """Be the listing of the notebook, with all its faults."""
    import numpy as np

    scores = []
    with np.errstate(all="ignore"):
        for inputs, targets in batches:
            predictions = model(inputs, targets)
            hits = ((predictions == 1) & (targets == 1)).sum()
            scores.append(2 * hits / ((predictions == 1).sum() + (targets == 1).sum()))
    return np.mean(scores)


def given_the_targets(model: Any, batches: Batches) -> Any:
    """Hand the targets to the model."""
    model.eval()
    pairs = [(model(inputs, targets), targets) for inputs, targets in batches]
    return _nan_to_zero(_f1(*_joined(pairs)))


def still_training(model: Any, batches: Batches) -> Any:
    """Leave the model in training mode."""
    return _nan_to_zero(_f1(*_joined([(model(inputs), targets) for inputs, targets in batches])))


def mean_of_batches(model: Any, batches: Batches) -> Any:
    """Average the F1s of the batches."""
    model.eval()
    return np.mean([_nan_to_zero(_f1(model(inputs), targets)) for inputs, targets in batches])


def weighted_mean_of_batches(model: Any, batches: Batches) -> Any:
    """Average the F1s of the batches by their sizes."""
    model.eval()
    scores = [_nan_to_zero(_f1(model(inputs), targets)) for inputs, targets in batches]
    return np.average(scores, weights=[len(targets) for _, targets in batches])


def zero_over_zero(model: Any, batches: Batches) -> Any:
    """Divide zero by zero."""
    model.eval()
    return _f1(*_joined([(model(inputs), targets) for inputs, targets in batches]))


def accuracy(model: Any, batches: Batches) -> Any:
    """Return the accuracy."""
    model.eval()
    right = sum(int((model(inputs) == targets).sum()) for inputs, targets in batches)
    return right / sum(len(targets) for _, targets in batches)


def _joined(pairs: Any) -> tuple[Any, Any]:
    return tuple(np.concatenate(side) for side in zip(*pairs, strict=True))  # type: ignore[return-value]


def _nan_to_zero(score: Any) -> float:
    return float(np.nan_to_num(score))


EXERCISE = Exercise(
    name="evaluate",
    kind="debug",
    points=3,
    difficulty=3,
    minutes=20,
    reference="course_lib.exercises.ch04_evaluation.evaluate:evaluate",
    cases=cases,
    probe=call_with_model,
    compare=close(),
    mistakes=(
        Mistake(
            "the listing as it was", listing,
            "All four faults are still there. Begin with what the model is given: could it answer "
            "by copying?",
        ),
        Mistake(
            "targets given to the model", given_the_targets,
            "The model gets the targets, and may use them (many models do, to compute a loss). "
            "When it is used, there are none: call model(inputs).",
        ),
        Mistake(
            "still training", still_training,
            "The model is still in training mode, where dropout and the like spoil its answers. "
            "Call model.eval() before the first batch.",
        ),
        Mistake(
            "mean of the batches' F1", mean_of_batches,
            "You averaged the F1s of the batches. F1 is a ratio: the last, short batch counts as "
            "much as the others, and a batch without positives counts 0. Add up hits, called "
            "and there; divide once.",
        ),
        Mistake(
            "weighted mean of the batches' F1", weighted_mean_of_batches,
            "Weights do not mend it: the F1 of all examples is no mean of F1s at all. Add up hits, "
            "called and there over the batches; divide once.",
        ),
        Mistake(
            "zero over zero", zero_over_zero,
            "Where nothing is positive and nothing called so, F1 is 0 / 0. The text asks for 0.0.",
        ),
        Mistake(
            "accuracy for F1", accuracy,
            "That is the accuracy, which counts the negatives that were left alone. F1 does not.",
        ),
    ),
    hints=(
        "What could a model do that is handed the answers together with the questions?",
        "Four faults: what the model is called with, the mode it is in, what is averaged, and a "
        "division. Which counts can be added over batches?",
        "model.eval() first; in the loop predictions = model(inputs), and add up hits, called and "
        "there; at the end 2 * hits / (called + there), or 0.0 where hits is 0.",
    ),
)  # fmt: skip
