"""Texts in which a passage comes a second time, misremembered, and has to be continued.

A passage of a Wikipedia article, the text after it, and the passage again up to some word: one word
in five has been replaced by another of the article, as if somebody quoted from memory. What follows
is the word that followed the first time. The same number always draws the same texts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from course_lib.data import wikipedia_articles

TEXTS, PASSAGE, BETWEEN, REPLACED = 200, 80, 60, 0.2
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
        start = int(rng.integers(len(words) - PASSAGE - BETWEEN))
        length = int(rng.integers(LEAST_AGAIN, PASSAGE))
        first = words[start : start + PASSAGE + BETWEEN]
        others = rng.choice(words, length).tolist()
        wrong = rng.random(length) < REPLACED
        again = [b if w else a for a, b, w in zip(first, others, wrong, strict=False)]
        texts.append([*first, *again])
        following.append(first[length])
    return ToContinue(texts, tuple(following))


@cache
def _articles() -> list[list[int]]:
    known: dict[str, int] = {}
    cut = (re.findall(r"\w+", one.text.lower()) for one in wikipedia_articles())
    return [[known.setdefault(word, len(known)) for word in words] for words in cut
            if len(words) > 2 * (PASSAGE + BETWEEN)]  # fmt: skip
