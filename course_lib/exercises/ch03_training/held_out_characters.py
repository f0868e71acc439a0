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
def held_out(number: int, secret: bool = False) -> HeldOut:
    """Draw paragraphs to learn from, and others to ask about.

    ``secret`` exchanges the characters by a permutation that belongs to the draw. The texts are
    public, and no answer should be able to look a context up in them.
    """
    rng = np.random.default_rng(number)
    texts = docstring_paragraphs(["networkx"])
    order = rng.permutation(len(texts))
    half = len(texts) // 2
    cipher = rng.permutation(VOCABULARY) if secret else np.arange(VOCABULARY)
    training, asked = (
        cipher[numbered(" ".join(texts[place] for place in places))[:most]]
        for places, most in ((order[:half], TRAINING), (order[half:], 5 * QUESTIONS))
    )
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


def loss_of(probabilities: Any, truth: np.ndarray) -> float | str:
    """Return the mean loss of the probabilities given for the contexts before ``truth``.

    What is wrong with their form comes in words: they should be a distribution for each context.
    """
    given = np.asarray(probabilities, dtype=np.float64)
    if given.shape != (len(truth), VOCABULARY):
        return f"got shape {given.shape}, expected {(len(truth), VOCABULARY)}"
    if not is_distribution(given):
        return "the rows are no probabilities: none below 0, each row with the sum 1"
    with np.errstate(divide="ignore"):
        return float(-np.log(given[np.arange(len(truth)), truth]).mean())


def is_distribution(rows: np.ndarray) -> bool:
    """Return whether each row is from 0 up and sums to 1, to a thousandth."""
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=-1), 1, atol=1e-3))
