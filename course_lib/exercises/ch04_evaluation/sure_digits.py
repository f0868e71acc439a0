"""Challenge: say how probable each digit is, from few examples, a fifth of them mislabelled.

Scored by the log loss on held-out digits, which punishes nothing so much as being sure and wrong.
The bars are computed on the same draw: equal shares, and scikit-learn's logistic regression.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch04_evaluation.probes import told_probabilities
from course_lib.exercises.comparison import close

TRAIN, TEST, WRONG = 150, 300, 0.2
EQUAL_SHARES = float(np.log(10))
_near = close(relative=1e-6, absolute=1e-9)


class Draw(NamedTuple):
    """Training digits with noisy labels, and held-out digits with the true ones."""

    train: Any
    labels: Any
    test: Any
    truth: Any


def sure_digits(train: Any, labels: Any, test: Any) -> Any:
    """Return probabilities (image, digit): votes of all training digits, near ones the louder."""
    distance = ((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2) / 16**2
    votes = np.exp(-distance / 0.8) @ np.eye(10)[labels] + 1e-3
    return votes / votes.sum(axis=1, keepdims=True)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two digits first; then held-out digits, once for each bar to pass."""
    train = np.zeros((2, 64))
    train[1, ::2] = 16.0
    yield Case("probabilities", train, np.array([3, 7]), train[::-1].copy(), bar="form", number=0)
    number = int(rng.integers(2**31))
    draw = drawn(number)
    for aspect, bar in BARS.items():
        yield Case(aspect, draw.train, draw.labels, draw.test, bar=bar, number=number)


@lru_cache(maxsize=64)
def drawn(number: int) -> Draw:
    """Return the draw of that number: the same number, the same digits."""
    from course_lib.data import digits

    images, truth, _ = digits()
    rng = np.random.default_rng(number)
    order = rng.permutation(len(truth))
    train, test = order[:TRAIN], order[TRAIN : TRAIN + TEST]
    labels = truth[train].copy()
    wrong = rng.random(TRAIN) < WRONG
    labels[wrong] = rng.integers(0, 10, wrong.sum())
    flat = (images * 16).round().astype(np.float64).reshape(len(images), 64)
    return Draw(flat[train], labels, flat[test], truth[test])


def logistic_regression(train: Any, labels: Any, test: Any) -> Any:
    """Fit scikit-learn's logistic regression as it comes, on inputs from 0 to 1."""
    return _fitted(train.tobytes(), labels.tobytes(), test.tobytes()).copy()


@lru_cache(maxsize=64)
def _fitted(train: bytes, labels: bytes, test: bytes) -> Any:
    from sklearn.linear_model import LogisticRegression

    sides = [np.frombuffer(side).reshape(-1, 64) / 16 for side in (train, test)]
    model = LogisticRegression(max_iter=500).fit(sides[0], np.frombuffer(labels, np.int64))
    told = np.zeros((len(sides[1]), 10))
    told[:, model.classes_] = model.predict_proba(sides[1])
    return told


def nearest_for_sure(train: Any, labels: Any, test: Any) -> Any:
    """Be sure of the nearest digit's label."""
    import numpy as np

    distance = ((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2)
    return np.eye(10)[labels[distance.argmin(axis=1)]]


def shares_of_training(train: Any, labels: Any, test: Any) -> Any:
    """Say for each image how frequent the digits are."""
    import numpy as np

    shares = np.bincount(labels, minlength=10) / len(labels)
    return np.tile(shares, (len(test), 1))


def votes_not_shares(train: Any, labels: Any, test: Any) -> Any:
    """Return the votes, which do not sum to one."""
    distance = ((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2) / 16**2
    return np.exp(-distance / 0.8) @ np.eye(10)[labels]


def labels_only(train: Any, labels: Any, test: Any) -> Any:
    """Return a label for each image."""
    return nearest_for_sure(train, labels, test).argmax(axis=1)


def near_and_far_alike(train: Any, labels: Any, test: Any) -> Any:
    """Let far digits vote nearly as loudly as near ones."""
    distance = ((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2) / 16**2
    votes = np.exp(-distance / 8.0) @ np.eye(10)[labels] + 1e-3
    return votes / votes.sum(axis=1, keepdims=True)


def beats_its_bar(got: Any, expected: Any) -> str | None:
    """Say what is wrong with the form, or how the log loss misses the bar."""
    answers = expected["answers"]
    told = np.asarray(got["answers"], float)
    if told.shape != answers.shape:
        return f"got shape {told.shape}, expected {answers.shape}: a row an image, ten columns"
    if not np.isfinite(told).all() or (told < 0).any() or np.abs(told.sum(1) - 1).max() > 1e-3:
        return "each row should hold ten probabilities that sum to 1"
    if expected["bar"] == "form":
        same = (told.argmax(axis=1) == answers.argmax(axis=1)).all()
        return None if same else "a digit that stands in the training should be most probable"
    loss, most = log_loss(told, expected["number"]), _most(expected["bar"], expected["number"])
    if loss < most:
        return None
    return f"a log loss of {loss:.3f}; {expected['bar']} reaches {most:.3f}: get below it"


def log_loss(told: Any, number: int) -> float:
    """Return the mean of −log of what was given to the truth; 0 counts as one in a million."""
    truth = drawn(number).truth
    return float(-np.log(told[np.arange(len(truth)), truth].clip(1e-6)).mean())


def same_answers(got: Any, wrong: Any) -> str | None:
    """Tell two answers apart by what they say."""
    return _near(got["answers"], wrong["answers"])


BARS = {
    "beats equal shares": "a tenth for each digit",
    "beats logistic regression": "logistic regression",
}


@lru_cache(maxsize=64)
def _most(bar: str, number: int) -> float:
    if bar == "a tenth for each digit":
        return EQUAL_SHARES
    draw = drawn(number)
    return log_loss(logistic_regression(draw.train, draw.labels, draw.test), number)


EXERCISE = Exercise(
    name="sure_digits",
    points=4,
    difficulty=4,
    minutes=30,
    kind="challenge",
    reference="course_lib.exercises.ch04_evaluation.sure_digits:sure_digits",
    cases=cases,
    probe=told_probabilities,
    compare=beats_its_bar,
    alike=same_answers,
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
        Mistake("labels for probabilities", labels_only,
                "A label for each image came back. Return ten probabilities for each."),
        Mistake("near and far alike", near_and_far_alike,
                "Far digits vote nearly as loudly as near ones, so that all digits look likely. "
                "Shrink the scale at which a vote falls off; choose it on a part of the training."),
    ),
    hints=(
        "What does it cost to say 0.99 and be wrong, what to say 0.6 and be right?",
        "Keep a third of the training apart, and compare settings by their log loss there: the "
        "number of neighbours, or the scale of a vote, or C.",
        "votes = np.exp(-distance / scale) @ np.eye(10)[labels] + 1e-3 with squared distances of "
        "images from 0 to 1; divide each row by its sum. A scale near 1 is a good start.",
    ),
)  # fmt: skip
