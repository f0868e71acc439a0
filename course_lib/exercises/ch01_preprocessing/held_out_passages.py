"""Passages of Wikipedia articles to be found again from the articles' other paragraphs.

The articles' text is public, and could be read where a stranger's answer runs. So every word goes
through a secret bijection, another one in each draw, and the words of a text are shuffled: what is
counted stays the same, and nothing can be looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.data import wikipedia_articles

ARTICLES, PASSAGES = 40, 400
LEAST_PARAGRAPHS, LEAST_WORDS = 6, 25
"""What an article and a paragraph need, so that a third of the paragraphs can be held out."""
MOST_WORDS, PASSAGE_WORDS = 2500, 10
SYLLABLES = tuple(first + second for first in "bdfghklmnprstvwz" for second in "aeiou")


class HeldOut(NamedTuple):
    """Texts to learn from, passages of other paragraphs, and the text each belongs to."""

    articles: list[str]
    passages: list[str]
    truth: tuple[int, ...]


@lru_cache(maxsize=64)
def held_out(number: int) -> HeldOut:
    """Draw 40 articles, hold out a third of each one's paragraphs, and cut passages from those."""
    rng = np.random.default_rng(number)
    pool = _long_articles()
    articles, rest = [], []
    for choice in rng.choice(len(pool), ARTICLES, replace=False):
        held = set(rng.permutation(len(pool[choice]))[: len(pool[choice]) // 3].tolist())
        shown = [text for place, text in enumerate(pool[choice]) if place not in held]
        articles.append(" ".join(" ".join(shown).split()[:MOST_WORDS]))
        rest.append([pool[choice][place] for place in sorted(held)])
    truth = rng.integers(ARTICLES, size=PASSAGES).tolist()
    passages = [_passage(rest[article], rng) for article in truth]
    articles, passages = in_secret(articles, passages, rng)
    return HeldOut(articles, passages, tuple(truth))


def in_secret(
    articles: list[str], passages: list[str], rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Return the texts with a made-up word for each word, the same everywhere, and shuffled."""
    cut = [[words(text) for text in texts] for texts in (articles, passages)]
    known = sorted({word for texts in cut for text in texts for word in text})
    numbers = rng.choice(len(SYLLABLES) ** 3, len(known), replace=False).tolist()
    secret = {word: made_up(number) for word, number in zip(known, numbers, strict=True)}
    hidden = [
        [" ".join(secret[str(word)] for word in rng.permutation(text)) for text in texts]
        for texts in cut
    ]
    return hidden[0], hidden[1]


def made_up(number: int) -> str:
    """Return the made-up word of a number: three syllables.

    >>> made_up(0), made_up(1), made_up(80**2)
    ('bababa', 'bababe', 'bebaba')
    """
    places = (number // len(SYLLABLES) ** power % len(SYLLABLES) for power in (2, 1, 0))
    return "".join(SYLLABLES[place] for place in places)


def share_found(answers: Any, truth: Sequence[int]) -> float | str:
    """Return the share of the passages that ``answers`` ascribes to their article.

    Words that say what is asked for, where the answers are anything but one number for each.

    >>> share_found([0, 2, 2, 1], (0, 1, 2, 1))
    0.75
    """
    given = answers.tolist() if isinstance(answers, np.ndarray) else answers
    asked = f"expected the number of an article for each of {len(truth)} passages"
    if not isinstance(given, list | tuple) or len(given) != len(truth):
        return asked
    if not all(isinstance(answer, int | float) for answer in given):
        return asked
    return sum(bool(one == other) for one, other in zip(given, truth, strict=True)) / len(truth)


def words(text: str) -> list[str]:
    """Return the runs of letters and digits of a text in lower case."""
    return re.findall(r"\w+", text.lower())


@cache
def _long_articles() -> list[list[str]]:
    """Return the paragraphs of the articles that have enough of them."""
    found = (
        [text for text in article.paragraphs if len(text.split()) >= LEAST_WORDS]
        for article in wikipedia_articles()
    )
    return [paragraphs for paragraphs in found if len(paragraphs) >= LEAST_PARAGRAPHS]


def _passage(paragraphs: list[str], rng: np.random.Generator) -> str:
    tokens = paragraphs[rng.integers(len(paragraphs))].split()
    start = rng.integers(len(tokens) - PASSAGE_WORDS + 1)
    return " ".join(tokens[start : start + PASSAGE_WORDS])
