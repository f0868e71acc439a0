"""Exercise: mend an evaluation that looks right and gives a number too good, or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch04_evaluation.probes import call_with_model
from course_lib.exercises.returned import NUMBER

Batches = list[tuple[Any, Any]]


def evaluate(model: Any, batches: Batches) -> float:
    """Return the F1 of class 1 over all examples of all batches, 0.0 where nothing is hit."""
    model.eval()
    hits = predicted = there = 0
    for inputs, targets in batches:
        predictions = model(inputs)
        hits += int(((predictions == 1) & (targets == 1)).sum())
        predicted += int((predictions == 1).sum())
        there += int((targets == 1).sum())
    return 2 * hits / (predicted + there) if hits else 0.0


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


def all_joined(model: Any, batches: Batches) -> float:
    """Be right with one array of all predictions, and the model's mode set by train(False)."""
    model.train(False)
    predictions = np.concatenate([model(inputs) for inputs, _ in batches]).astype(bool)
    targets = np.concatenate([targets for _, targets in batches]).astype(bool)
    wrong = int((predictions ^ targets).sum())
    hits = int((predictions & targets).sum())
    return hits / (hits + wrong / 2) if hits else 0.0


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


def macro(model: Any, batches: Batches) -> Any:
    """Return the mean of both classes' F1."""
    model.eval()
    predictions, targets = _joined([(model(inputs), targets) for inputs, targets in batches])
    sides = ((predictions, targets), (1 - predictions, 1 - targets))
    return np.mean([_nan_to_zero(_f1(*side)) for side in sides])


def last_batch(model: Any, batches: Batches) -> Any:
    """Return the F1 of the last batch."""
    model.eval()
    inputs, targets = batches[-1]
    return _nan_to_zero(_f1(model(inputs), targets))


def undefined_left_out(model: Any, batches: Batches) -> Any:
    """Average over the batches whose F1 is defined."""
    model.eval()
    scores = [_f1(model(inputs), targets) for inputs, targets in batches]
    defined = [score for score in scores if not np.isnan(score)]
    return np.mean(defined) if defined else 0.0


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
    returns=NUMBER,
    alternatives=(all_joined,),
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
            "much as the others, and a batch without positives counts 0. Add up hits, "
            "predicted and there; divide once.",
        ),
        Mistake(
            "weighted mean of the batches' F1", weighted_mean_of_batches,
            "Weights do not mend it: the F1 of all examples is no mean of F1s at all. Add up hits, "
            "predicted and there over the batches; divide once.",
        ),
        Mistake(
            "zero over zero", zero_over_zero,
            "Where nothing is positive and nothing predicted so, F1 is 0 / 0. The text asks for "
            "0.0.",
        ),
        Mistake(
            "accuracy for F1", accuracy,
            "That is the accuracy, which counts the negatives that were left alone. F1 does not.",
        ),
        Mistake(
            "macro F1", macro,
            "That is the mean of both classes' F1. The text asks for the F1 of class 1 alone.",
        ),
        Mistake(
            "the last batch alone", last_batch,
            "The counts begin anew in each batch, so that the last one decides. Set them to 0 "
            "once, before the loop.",
        ),
        Mistake(
            "batches without positives left out", undefined_left_out,
            "Batches whose F1 is undefined were left out of a mean. It is still a mean of ratios: "
            "add up hits, predicted and there; divide once.",
        ),
    ),
    hints=(
        "What could a model do that is handed the answers together with the questions?",
        "Four faults: what the model is called with, the mode it is in, what is averaged, and a "
        "division. Which counts can be added over batches?",
        "model.eval() first; in the loop predictions = model(inputs), and add up hits, predicted "
        "and there; at the end 2 * hits / (predicted + there), or 0.0 where hits is 0.",
    ),
)  # fmt: skip
