"""Exercise: how much text a token carries, fairly for two languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import PYTHON_NUMBER

Encoded = list[list[int]]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield texts in both scripts, of equal and of unequal lengths, and none."""
    yield Case("one text", ["lower"], [[258, 259]])
    yield Case("Chinese characters", ["我们"], [[300, 301]])
    yield Case("texts of different lengths", ["a", "lowest low"], [[97], [256, 257]])
    yield Case("no tokens at all", [], [])
    yield Case("no tokens at all", [""], [[]])
    yield Case("an empty text among others", ["low", ""], [[256], []])
    for _ in range(2):
        texts = ["".join(rng.choice(list("abé我们 "), n)) for n in rng.integers(3, 20, 4)]
        counts = rng.integers(1, 9, 4)
        yield Case("mixed texts", [*texts, "我é"], [*([7] * int(n) for n in counts), [5]])


def characters(texts: list[str], encoded: Encoded) -> float:
    """Count characters."""
    tokens = sum(len(ids) for ids in encoded)
    return sum(len(text) for text in texts) / tokens if tokens else 0.0


def mean_of_ratios(texts: list[str], encoded: Encoded) -> float:
    """Average over the texts."""
    ratios = [
        len(text.encode()) / len(ids) if ids else 0.0
        for text, ids in zip(texts, encoded, strict=True)
    ]
    return sum(ratios) / len(ratios) if ratios else 0.0


def upside_down(texts: list[str], encoded: Encoded) -> float:
    """Divide tokens by bytes."""
    size = sum(len(text.encode()) for text in texts)
    return sum(len(ids) for ids in encoded) / size if size else 0.0


def unguarded(texts: list[str], encoded: Encoded) -> float:
    """Divide by zero where there are no tokens."""
    return sum(len(text.encode()) for text in texts) / sum(len(ids) for ids in encoded)


def different_tokens(texts: list[str], encoded: Encoded) -> float:
    """Count each kind of token once."""
    kinds = len({number for ids in encoded for number in ids})
    return sum(len(text.encode()) for text in texts) / kinds if kinds else 0.0


def tokens_of_texts(texts: list[str], encoded: Encoded) -> float:
    """Divide by the number of texts."""
    return sum(len(text.encode()) for text in texts) / len(encoded) if encoded else 0.0


def letters_of_a_token(texts: list[str], encoded: Encoded) -> float:
    """Count two bytes for each character, as UTF-16 does."""
    tokens = sum(len(ids) for ids in encoded)
    return sum(len(text.encode("utf-16-le")) for text in texts) / tokens if tokens else 0.0


def by_loop(texts: list[str], encoded: Encoded) -> float:
    """Go through both lists at once."""
    size = tokens = 0
    for text, ids in zip(texts, encoded, strict=True):
        size += len(bytes(text, "utf-8"))
        tokens += len(ids)
    return size / max(tokens, 1) if tokens else 0.0


def by_joining(texts: list[str], encoded: Encoded) -> Any:
    """Join all texts, and all tokens, first."""
    tokens = np.concatenate([np.array(ids, dtype=int) for ids in encoded] or [np.zeros(0)])
    return np.float64(len("".join(texts).encode())) / len(tokens) if len(tokens) else 0


EXERCISE = Exercise(
    name="bytes_per_token",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.text.bpe.compression:bytes_per_token",
    cases=cases,
    returns=PYTHON_NUMBER,
    alternatives=(by_loop, by_joining),
    not_by=("course_lib.text:bytes_per_token", "course_lib.text.bpe.compression:bytes_per_token"),
    compare=close(),
    mistakes=(
        Mistake(
            "characters instead of bytes", characters,
            "len(text) counts characters. A Chinese character has three bytes and says about as "
            "much as three letters: len(text.encode()) counts bytes.",
        ),
        Mistake(
            "mean of ratios", mean_of_ratios,
            "Each text got a ratio, and the ratios were averaged: a short text weighs as much as "
            "a long one. Add up the bytes and the tokens first, then divide once.",
        ),
        Mistake(
            "upside down", upside_down,
            "These are tokens for each byte. More text in a token should give a larger number.",
        ),
        Mistake(
            "divided by zero", unguarded,
            "Without a single token the quotient has no value. The answer asked for is 0.0.",
        ),
        Mistake(
            "different tokens", different_tokens,
            "A token that comes twice takes two places in what a model reads. Count tokens, not "
            "kinds of them.",
        ),
        Mistake(
            "divided by the number of texts", tokens_of_texts,
            "len(encoded) is the number of texts. The tokens are inside: sum(map(len, encoded)).",
        ),
        Mistake(
            "two bytes for each character", letters_of_a_token,
            "UTF-16 has two bytes for nearly every character. In UTF-8 a letter has one and a "
            "Chinese character three: text.encode() is UTF-8.",
        ),
    ),
    hints=(
        "How many bytes has 我们? What does len say?",
        "Which two totals do you need before you divide?",
        "sum(len(text.encode()) for text in texts) / tokens, with tokens = sum(map(len, encoded)); "
        "0.0 when tokens is 0.",
    ),
)  # fmt: skip
