"""Prose as rows of characters for the challenge: what to learn from, contexts, what follows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.data import docstring_paragraphs

ALPHABET = " abcdefghijklmnopqrstuvwxyz.,'-"
VOCABULARY = len(ALPHABET)
CONTEXT, TRAINING, QUESTIONS = 6, 40_000, 2000


class HeldOut(NamedTuple):
    """The numbers of characters to train on; contexts from other paragraphs; what comes next."""

    training: np.ndarray
    contexts: np.ndarray
    truth: np.ndarray


@lru_cache(maxsize=64)
def held_out(number: int) -> HeldOut:
    """Draw paragraphs to learn from, and others to ask about."""
    rng = np.random.default_rng(number)
    texts = docstring_paragraphs(["networkx"])
    order = rng.permutation(len(texts))
    half = len(texts) // 2
    training = numbered(" ".join(texts[place] for place in order[:half]))[:TRAINING]
    asked = numbered(" ".join(texts[place] for place in order[half:]))[: 5 * QUESTIONS]
    windows = np.lib.stride_tricks.sliding_window_view(asked, CONTEXT + 1)
    drawn = windows[rng.choice(len(windows), QUESTIONS, replace=False)]
    return HeldOut(training, drawn[:, :-1].copy(), drawn[:, -1].copy())


def numbered(text: str) -> np.ndarray:
    """Return the numbers of a text's characters in lower case; others are spaces, which are single.

    >>> numbered("A 1.  B").tolist()
    [1, 0, 27, 0, 2]
    """
    known = "".join(one if one in ALPHABET else " " for one in text.lower())
    return np.array([ALPHABET.index(one) for one in " ".join(known.split())])


def loss_of(probabilities: Any, number: int) -> float | None:
    """Return the mean loss of the probabilities given for ``number``'s contexts.

    ``None`` where they are not a distribution over the alphabet for each context.
    """
    truth = held_out(number).truth
    given = np.asarray(probabilities, dtype=np.float64)
    if given.shape != (len(truth), VOCABULARY) or not is_distribution(given):
        return None
    with np.errstate(divide="ignore"):
        return float(-np.log(given[np.arange(len(truth)), truth]).mean())


def is_distribution(rows: np.ndarray) -> bool:
    """Return whether each row is from 0 up and sums to 1, to a thousandth."""
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=-1), 1, atol=1e-3))
