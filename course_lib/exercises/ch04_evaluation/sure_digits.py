"""Challenge: say how probable each digit is, from few examples, a fifth of them mislabelled.

Scored by the log loss on held-out digits, which punishes nothing so much as being sure and wrong.
The bars are computed on the same draw: equal shares, and scikit-learn's logistic regression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Challenge, Exercise, Mistake
from course_lib.exercises.ch04_evaluation.secret_digits import (
    fair_draw,
    log_loss,
    logistic_regression,
    votes,
)
from course_lib.exercises.comparison import close
from course_lib.exercises.returned import ARRAY, LIST, TENSOR, either

EQUAL_SHARES = float(np.log(10))


def sure_digits(train: Any, labels: Any, test: Any) -> Any:
    """Return probabilities (image, digit): votes of all training digits, near ones the louder."""
    return votes(train, labels, test)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two images first; then held-out digits, with one bar after the other to pass."""
    train = np.ones((2, 64))
    train[1, ::2] = -1.0
    yield Case("probabilities", train, np.array([3, 7]), train[::-1].copy())
    draw, limit = fair_draw(rng)
    held_out = Case("beats equal shares", draw.train, draw.labels, draw.test).judged_by(
        labels=draw.truth, bar="a tenth for each digit", limit=EQUAL_SHARES
    )
    yield held_out
    yield held_out.also("beats logistic regression", bar="logistic regression", limit=limit)


def score(got: Any, truth: dict[str, Any]) -> float | str:
    """Return the log loss of probabilities, or what is wrong with their form."""
    return fault_of_form(got, len(truth["labels"])) or log_loss(
        np.asarray(got, float), truth["labels"]
    )


def fault_of_form(got: Any, images: int) -> str | None:
    """Say what is wrong with the form of an answer, or ``None``."""
    told = np.asarray(got, float)
    if told.shape != (images, 10):
        return f"got shape {told.shape}, expected {(images, 10)}: a row an image, ten columns"
    if not np.isfinite(told).all() or (told < 0).any() or np.abs(told.sum(1) - 1).max() > 1e-3:
        return "each row should hold ten probabilities that sum to 1"
    return None


def most_probable(got: Any, expected: Any) -> str | None:
    """Say what is wrong with the form, or which image's own digit is not the most probable."""
    fault = fault_of_form(got, len(expected))
    if fault or (np.argmax(got, axis=1) == np.argmax(expected, axis=1)).all():
        return fault
    return "a digit that stands in the training should be most probable"


def neighbours_with_trust(train: Any, labels: Any, test: Any) -> Any:
    """Be right with a vote of neighbours whose own neighbours agree with their label."""
    near = np.exp(25 * (train @ train.T / 64 - 1)) - np.eye(len(train))
    support = near @ np.eye(10)[labels] + 1e-3
    trust = (support / support.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels] + 0.1
    told = (np.exp(25 * (test @ train.T / 64 - 1)) * trust) @ np.eye(10)[labels] + 1e-5
    return told / told.sum(axis=1, keepdims=True)


def nearest_for_sure(train: Any, labels: Any, test: Any) -> Any:
    """Be sure of the nearest digit's label."""
    return np.eye(10)[labels[(test @ train.T).argmax(axis=1)]]


def shares_of_training(train: Any, labels: Any, test: Any) -> Any:
    """Say for each image how frequent the digits are."""
    return np.tile(np.bincount(labels, minlength=10) / len(labels), (len(test), 1))


def votes_not_shares(train: Any, labels: Any, test: Any) -> Any:
    """Return the votes, which do not sum to one."""
    return np.exp(25 * (test @ train.T / 64 - 1)) @ np.eye(10)[labels]


def shares_of_the_whole(train: Any, labels: Any, test: Any) -> Any:
    """Divide the votes by the sum of the whole table."""
    told = votes_not_shares(train, labels, test) + 1e-4
    return told / told.sum()


def labels_only(train: Any, labels: Any, test: Any) -> Any:
    """Return a label for each image."""
    return nearest_for_sure(train, labels, test).argmax(axis=1)


def near_and_far_alike(train: Any, labels: Any, test: Any) -> Any:
    """Let far digits vote nearly as loudly as near ones."""
    told = np.exp(2 * (test @ train.T / 64 - 1)) @ np.eye(10)[labels] + 1e-3
    return told / told.sum(axis=1, keepdims=True)


EXERCISE = Exercise(
    name="sure_digits",
    points=4,
    difficulty=4,
    minutes=30,
    kind="challenge",
    reference="course_lib.exercises.ch04_evaluation.sure_digits:sure_digits",
    cases=cases,
    compare=most_probable,
    alike=close(relative=1e-6, absolute=1e-9),
    challenge=Challenge(score, "a log loss of {:.3f}", higher_is_better=False),
    returns=either(ARRAY, TENSOR, LIST),
    alternatives=(neighbours_with_trust,),
    mistakes=(
        Mistake("sure of the nearest", nearest_for_sure,
                "Your answer is 1 for the nearest digit's label and 0 for all others. A fifth of "
                "the labels are wrong, and each sure error costs nearly 14 nats. Let more "
                "neighbours vote, and leave every digit a little."),
        Mistake("logistic regression as it was", logistic_regression,
                "This is the bar itself. On 150 examples of which 30 are wrong it fits the errors "
                "too. What would another C do, chosen on a part of the training? Or votes?"),
        Mistake("the shares of the training", shares_of_training,
                "Every image gets the same answer. The answer should depend on the image."),
        Mistake("votes that do not sum to one", votes_not_shares,
                "These are votes. Divide each row by its sum, so that they are probabilities."),
        Mistake("the sum without an axis", shares_of_the_whole,
                "You divided by the sum of the whole table. Each row should sum to 1 by itself: "
                "sum(axis=1, keepdims=True)."),
        Mistake("labels for probabilities", labels_only,
                "A label for each image came back. Return ten probabilities for each."),
        Mistake("near and far alike", near_and_far_alike,
                "Far digits vote nearly as loudly as near ones, so that all digits look probable. "
                "Shrink the scale at which a vote falls off; choose it on a part of the training."),
    ),
    hints=(
        "What does it cost to say 0.99 and be wrong, what to say 0.6 and be right?",
        "Keep a third of the training apart, and compare settings by their log loss there: the "
        "number of neighbours, or the scale of a vote, or C.",
        "test @ train.T / 64 is the cosine of all pairs. votes = np.exp(scale * (cosine − 1)) @ "
        "np.eye(10)[labels] + 1e-4; divide each row by its sum. A scale of 10 to 40 is a good "
        "start.",
    ),
)  # fmt: skip
