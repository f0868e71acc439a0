"""Texts in which a passage comes a second time, misremembered, and has to be continued.

A passage of a Wikipedia article, the text after it, and the passage again up to some word: one word
in five has been replaced by another of the article, as if somebody quoted from memory. What follows
is the word that followed the first time. Each text numbers its words anew, by a secret permutation,
so that nothing can be looked up in the articles; and the passages differ in length, so that the
length of a text does not tell where to look. The same number always draws the same texts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from course_lib.data import wikipedia_articles

TEXTS, PASSAGE, BETWEEN, REPLACED = 200, (60, 100), (30, 90), 0.2
LEAST_AGAIN = 12  # words of the second reading


class ToContinue(NamedTuple):
    """Texts as word numbers, and the number of the word that follows each."""

    texts: list[list[int]]
    following: tuple[int, ...]


@lru_cache(maxsize=64)
def to_continue(number: int) -> ToContinue:
    """Draw 200 texts, and the word that follows each."""
    rng = np.random.default_rng(number)
    articles = _articles()
    texts, following = [], []
    for choice in rng.integers(len(articles), size=TEXTS):
        words = articles[choice]
        passage, between = int(rng.integers(*PASSAGE)), int(rng.integers(*BETWEEN))
        start = int(rng.integers(len(words) - passage - between))
        length = int(rng.integers(LEAST_AGAIN, passage))
        first = words[start : start + passage + between]
        others = rng.choice(words, length).tolist()
        wrong = rng.random(length) < REPLACED
        again = [b if w else a for a, b, w in zip(first, others, wrong, strict=False)]
        secret = _renumbering(rng, [*first, *again])
        texts.append([secret[word] for word in (*first, *again)])
        following.append(secret[first[length]])
    return ToContinue(texts, tuple(following))


def _renumbering(rng: np.random.Generator, words: list[int]) -> dict[int, int]:
    """Return a new number for each word, in no order that the words' own tell."""
    different = sorted(set(words))
    return dict(zip(different, rng.permutation(len(different)).tolist(), strict=True))


@cache
def _articles() -> list[list[int]]:
    known: dict[str, int] = {}
    cut = (re.findall(r"\w+", one.text.lower()) for one in wikipedia_articles())
    return [[known.setdefault(word, len(known)) for word in words] for words in cut
            if len(words) > 2 * (PASSAGE[1] + BETWEEN[1])]  # fmt: skip
