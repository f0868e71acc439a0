"""What the judge of ``sure_digits`` keeps: which digits are drawn, how they are turned, the bars.

The digits are public, so whoever could recognise one could look its label up. Therefore each image
is brought to mean 0 and one length, which leaves nothing to tell it by alone; noise is added; and
all images of a draw go through one secret rotation, which keeps every distance and every angle.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course_lib.data import digits

TRAIN, TEST, WRONG = 150, 300, 0.2
POINTS, LENGTH, NOISE = 64, 8.0, 0.2
"""The length of an image whose 64 numbers are about 1 in size, and how far noise moves each."""
CLEAR = 0.03
"""By how much log loss the course's own answer clears the highest bar of a draw that is used."""


class Draw(NamedTuple):
    """Training digits with noisy labels, and held-out digits with the true ones."""

    train: Any
    labels: Any
    test: Any
    truth: Any


def drawn(rng: np.random.Generator) -> Draw:
    """Return digits, turned in secret, a fifth of the training labels drawn by dice."""
    images, truth, _ = digits()
    order = rng.permutation(len(truth))[: TRAIN + TEST]
    labels = truth[order[:TRAIN]].copy()
    wrong = rng.random(TRAIN) < WRONG
    labels[wrong] = rng.integers(0, 10, wrong.sum())
    turned = turned_in_secret(images[order].reshape(-1, POINTS).astype(np.float64), rng)
    return Draw(turned[:TRAIN], labels, turned[TRAIN:], truth[order[TRAIN:]])


def turned_in_secret(images: Any, rng: np.random.Generator) -> Any:
    """Return images of one length, with noise, in axes that nobody knows."""
    noisy = _of_one_length(images) + rng.normal(0.0, NOISE, images.shape)
    rotation = np.linalg.qr(rng.normal(size=(POINTS, POINTS)))[0]
    return _of_one_length(noisy) @ rotation


def _of_one_length(images: Any) -> Any:
    centred = images - images.mean(axis=1, keepdims=True)
    return LENGTH * centred / np.linalg.norm(centred, axis=1, keepdims=True)


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
