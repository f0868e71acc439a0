"""What the judge of ``sure_digits`` keeps: which digits are drawn, how they are mixed, the bars.

The digits are public, so whoever could recognise one could look its label up. Therefore noise is
added; all images of a draw go through one secret linear map, which turns and stretches them; each
is brought to one length, so that alone it tells nothing; and the digits exchange their names. What
is near stays near, and that is all that a learner needs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course_lib.data import digits

TRAIN, TEST, WRONG = 150, 300, 0.2
POINTS, LENGTH, NOISE, STRETCH = 64, 8.0, 0.2, 0.7
"""The length of an image whose 64 numbers are about 1 in size; how far noise moves each; and how
much, as a logarithm, the map stretches or shrinks an axis at most."""
CLEAR = 0.03
"""By how much log loss the course's own answer clears the highest bar of a draw that is used."""


class Draw(NamedTuple):
    """Training digits with noisy labels, and held-out digits with the true ones."""

    train: Any
    labels: Any
    test: Any
    truth: Any


def drawn(rng: np.random.Generator) -> Draw:
    """Return digits, mixed in secret, a fifth of the training labels drawn by dice."""
    images, labels_of_all, _ = digits()
    truth = rng.permutation(10)[labels_of_all]
    order = rng.permutation(len(truth))[: TRAIN + TEST]
    labels = truth[order[:TRAIN]].copy()
    wrong = rng.random(TRAIN) < WRONG
    labels[wrong] = rng.integers(0, 10, wrong.sum())
    mixed = mixed_in_secret(images[order].reshape(-1, POINTS).astype(np.float64), rng)
    return Draw(mixed[:TRAIN], labels, mixed[TRAIN:], truth[order[TRAIN:]])


def mixed_in_secret(images: Any, rng: np.random.Generator) -> Any:
    """Return images of one length, with noise, through a linear map that nobody knows."""
    centred = images - images.mean(axis=1, keepdims=True)
    noisy = of_one_length(centred) + rng.normal(0.0, NOISE, images.shape)
    first, second = (np.linalg.qr(rng.normal(size=(POINTS, POINTS)))[0] for _ in range(2))
    stretched = noisy @ first * np.exp(rng.uniform(-STRETCH, STRETCH, POINTS))
    return of_one_length(stretched @ second)


def of_one_length(rows: Any) -> Any:
    """Return each row at the length that all images have."""
    return LENGTH * rows / np.linalg.norm(rows, axis=1, keepdims=True)


def votes(train: Any, labels: Any, test: Any) -> Any:
    """Return what all training digits vote, near ones the louder, with a little for each digit."""
    told = np.exp(25 * (test @ train.T / POINTS - 1)) @ np.eye(10)[labels] + 1e-4
    return told / told.sum(axis=1, keepdims=True)


def logistic_regression(train: Any, labels: Any, test: Any) -> Any:
    """Fit scikit-learn's logistic regression as it comes."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=500).fit(train, labels)
    told = np.zeros((len(test), 10))
    told[:, model.classes_] = model.predict_proba(test)
    return told


def log_loss(told: Any, truth: Any) -> float:
    """Return the mean of −log of what was given to the truth; 0 counts as one in a million."""
    return float(-np.log(told[np.arange(len(truth)), truth].clip(1e-6)).mean())


def fair_draw(rng: np.random.Generator) -> tuple[Draw, float]:
    """Return a draw on which the course's own answer is good enough, and its highest bar."""
    while True:
        draw = drawn(rng)
        limit = log_loss(logistic_regression(*draw[:3]), draw.truth)
        if log_loss(votes(*draw[:3]), draw.truth) < limit - CLEAR:
            return draw, limit
