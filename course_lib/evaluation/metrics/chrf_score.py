"""chrF: F₂ of the runs of one to six characters that a translation shares with its reference.

It needs no words, so that a wrong ending costs little and Chinese needs no segmenter. ``words = 2``
adds runs of one and two words and gives chrF++. From: Popović, *chrF: character n-gram F-score for
automatic MT evaluation*, 2015, https://aclanthology.org/W15-3049; numbers as in sacrebleu.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError
from course_lib.evaluation.metrics.bleu_score import References
from course_lib.evaluation.metrics.language import check_texts

CHARACTERS = 6
BETA = 2.0


def chrf(
    predictions: Sequence[str], references: References, words: int = 0, beta: float = BETA
) -> float:
    """Return the corpus chrF, from 0 to 100; with ``words=2`` chrF++.

    Raises ``ShapeError`` for unequal lengths, ``InputError`` for none.

    >>> round(chrf(["colour"], ["colours"]), 2), round(chrf(["学习"], ["学习语言"]), 2)
    (77.57, 47.17)
    """
    return float(chrf_of(chrf_counts(predictions, references, words, beta).sum(axis=0), beta))


def chrf_counts(
    predictions: Sequence[str], references: References, words: int = 0, beta: float = BETA
) -> Int[np.ndarray, "sentence order 3"]:
    """Return each sentence's n-grams, its reference's, and the matches, for every order.

    Of several references the one with the highest score counts.

    >>> chrf_counts(["aab"], ["ab"])[0, :3].tolist()
    [[3, 2, 2], [2, 1, 1], [0, 0, 0]]
    """
    check_texts(predictions, references)
    rows = []
    for prediction, wanted in zip(predictions, references, strict=True):
        texts = [wanted] if isinstance(wanted, str) else wanted
        if not len(texts):
            raise InputError("the references of a prediction", expected="at least one", got="none")
        ours = _ngrams(prediction, words)
        tables = [_matched(ours, _ngrams(text, words)) for text in texts]
        rows.append(max(tables, key=lambda table: float(chrf_of(table, beta))))
    return np.array(rows, np.int64)


def chrf_of(counts: Any, beta: float = BETA) -> Float[np.ndarray, ...] | np.float64:
    """Return the chrF of summed counts (…, order, 3), as from ``chrf_counts``.

    Mean precision and mean recall over the orders that both texts have, then F_β of the two.

    >>> float(chrf_of([[4, 4, 4], [3, 3, 3]]))
    100.0
    """
    ours, theirs, matches = np.moveaxis(np.asarray(counts, float), -1, 0)
    there = (ours > 0) & (theirs > 0)
    orders = np.maximum(there.sum(-1), 1)
    precision = np.where(there, matches / np.where(there, ours, 1), 0.0).sum(-1) / orders
    recall = np.where(there, matches / np.where(there, theirs, 1), 0.0).sum(-1) / orders
    below = beta**2 * precision + recall
    above = (1 + beta**2) * precision * recall
    return np.where(below > 0, 100 * above / np.where(below > 0, below, 1), 0.0)


def _ngrams(text: str, words: int) -> list[Counter[Any]]:
    characters = "".join(text.split())
    counts: list[Counter[Any]] = [
        Counter(characters[start : start + n] for start in range(len(characters) - n + 1))
        for n in range(1, CHARACTERS + 1)
    ]
    if words:
        cut = _words(text)
        counts += [
            Counter(tuple(cut[start : start + n]) for start in range(len(cut) - n + 1))
            for n in range(1, words + 1)
        ]
    return counts


def _matched(ours: list[Counter[Any]], theirs: list[Counter[Any]]) -> list[list[int]]:
    # n-grams of an order that the reference is too short for count against nobody
    return [
        [
            one.total() if other else 0,
            other.total(),
            sum(min(count, other[ngram]) for ngram, count in one.items() if ngram in other),
        ]
        for one, other in zip(ours, theirs, strict=True)
    ]


def _words(text: str) -> list[str]:
    """Cut one mark off a word's end, or else off its beginning, as chrF++'s author does."""
    cut: list[str] = []
    for word in text.split():
        if len(word) > 1 and word[-1] in string.punctuation:
            cut += [word[:-1], word[-1]]
        elif len(word) > 1 and word[0] in string.punctuation:
            cut += [word[0], word[1:]]
        else:
            cut.append(word)
    return cut
