"""Passages of Wikipedia articles to be found again from the articles' other paragraphs.

The same number always draws the same passages. The articles' text is public, so an answer could
look a passage up instead of learning; the score says how well an honest one does.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.data import wikipedia_articles

ARTICLES, PASSAGES = 40, 400
LEAST_PARAGRAPHS, LEAST_WORDS = 6, 25
"""What an article and a paragraph need, so that a third of the paragraphs can be held out."""
MOST_WORDS, PASSAGE_WORDS = 2500, 10


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
    return HeldOut(articles, passages, tuple(truth))


def share_found(answers: Any, number: int) -> float | None:
    """Return the share of the passages of ``number`` that ``answers`` ascribes to their article.

    ``None`` where the answers are anything but one number for each passage.
    """
    truth = held_out(number).truth
    given = answers.tolist() if isinstance(answers, np.ndarray) else answers
    if not isinstance(given, list | tuple) or len(given) != len(truth):
        return None
    if not all(isinstance(answer, int | float) for answer in given):
        return None
    right = sum(bool(one == other) for one, other in zip(given, truth, strict=True))
    return right / len(truth)


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
