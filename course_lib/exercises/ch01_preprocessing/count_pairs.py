"""Exercise: count the neighbours in words that occur many times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import DICT

Words = list[tuple[list[str], int]]
Counts = dict[tuple[str, str], int]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield words with one difficulty each, then words drawn from few letters."""
    yield Case("nothing to pair", [])
    yield Case("nothing to pair", [(["a"], 3), ([], 2)])
    yield Case("a pair has an order", [(["a", "b"], 1), (["b", "a"], 1)])
    yield Case("how often the word occurs", [(["t", "o"], 5)])
    yield Case("several words", [(["a", "b"], 2), (["a", "b", "c"], 3)])
    yield Case("a pair twice in a word", [(list("banana"), 1)])
    yield Case("three alike", [(list("aaa"), 2)])
    yield Case("longer tokens", [(["lo", "w"], 5), (["lo", "w", "er"], 2)])
    for _ in range(2):
        words = [list(rng.choice(list("abc"), rng.integers(3, 7))) for _ in range(4)]
        counts = rng.integers(2, 9, 4)
        drawn = [([*map(str, word)], int(count)) for word, count in zip(words, counts, strict=True)]
        yield Case("a longer list", [*drawn, (list("aaab"), 3)])


def each_word_once(words: Words) -> Counts:
    """Forget how often the word occurs."""
    from itertools import pairwise

    counts: Counts = {}
    for tokens, _count in words:
        for pair in pairwise(tokens):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def across_words(words: Words) -> Counts:
    """Write all words one after another and count in that."""
    from itertools import pairwise

    row = [token for tokens, count in words for _ in range(count) for token in tokens]
    counts: Counts = {}
    for pair in pairwise(row):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def once_a_word(words: Words) -> Counts:
    """Count a pair once in each word that has it."""
    from itertools import pairwise

    counts: Counts = {}
    for tokens, count in words:
        for pair in set(pairwise(tokens)):
            counts[pair] = counts.get(pair, 0) + count
    return counts


def overwritten(words: Words) -> Counts:
    """Assign instead of adding."""
    from itertools import pairwise

    counts: Counts = {}
    for tokens, count in words:
        for pair in pairwise(tokens):
            counts[pair] = count
    return counts


def without_order(words: Words) -> Counts:
    """Take (b, a) for (a, b)."""
    from itertools import pairwise

    counts: Counts = {}
    for tokens, count in words:
        for first, second in pairwise(tokens):
            pair = (min(first, second), max(first, second))
            counts[pair] = counts.get(pair, 0) + count
    return counts


def two_steps_at_a_time(words: Words) -> Counts:
    """Cut the word into twos."""
    counts: Counts = {}
    for tokens, count in words:
        for pair in zip(tokens[::2], tokens[1::2], strict=False):
            counts[pair] = counts.get(pair, 0) + count
    return counts


def as_a_list(words: Words) -> list[Any]:
    """Return the entries without the dict."""
    from course_lib.text.bpe.steps import count_pairs

    return list(count_pairs(words).items())


def joined_keys(words: Words) -> dict[str, int]:
    """Join the two tokens to make a key."""
    counts: dict[str, int] = {}
    for tokens, count in words:
        for first, second in pairwise(tokens):
            counts[first + second] = counts.get(first + second, 0) + count
    return counts


def without_overlaps(words: Words) -> Counts:
    """Count what a merge would join: aaa has (a, a) once."""
    counts: Counts = {}
    for tokens, count in words:
        last: dict[tuple[str, str], int] = {}
        for place, pair in enumerate(pairwise(tokens)):
            if last.get(pair, -2) < place - 1 or pair[0] != pair[1]:
                counts[pair] = counts.get(pair, 0) + count
                last[pair] = place
    return counts


def by_places(words: Words) -> Counts:
    """Go through the places of each word."""
    counts: Counts = {}
    for tokens, count in words:
        for place in range(1, len(tokens)):
            pair = (tokens[place - 1], tokens[place])
            counts.setdefault(pair, 0)
            counts[pair] += count
    return counts


def by_adding_counters(words: Words) -> Counter[tuple[str, str]]:
    """Count the pairs of each word, and add that so many times."""
    counts: Counter[tuple[str, str]] = Counter()
    for tokens, count in words:
        for pair, times in Counter(pairwise(tokens)).items():
            counts.update({pair: times * count})
    return counts


EXERCISE = Exercise(
    name="count_pairs",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.text.bpe.steps:count_pairs",
    cases=cases,
    returns=DICT,
    alternatives=(by_places, by_adding_counters),
    not_by=("course_lib.text:count_pairs", "course_lib.text.bpe.steps:count_pairs"),
    mistakes=(
        Mistake(
            "each word counted once", each_word_once,
            "A word that occurs five times has each of its pairs five times: add the word's count, "
            "not 1.",
        ),
        Mistake(
            "pairs across words", across_words,
            "The last token of a word and the first of the next one were paired. The order of "
            "words in the list means nothing, and no token may reach over a word's end.",
        ),
        Mistake(
            "once a word", once_a_word,
            "banana holds (a, n) twice. A set of its pairs forgets that: go through the pairs as "
            "they come.",
        ),
        Mistake(
            "overwritten", overwritten,
            "counts[pair] = count throws away what earlier words had given. Add to it: +=.",
        ),
        Mistake(
            "pairs without an order", without_order,
            "(a, b) and (b, a) are different pairs: merging gives ab in one case, ba in the other.",
        ),
        Mistake(
            "cut into twos", two_steps_at_a_time,
            "Only tokens 1 and 2, 3 and 4, … were paired. Tokens 2 and 3 are neighbours too: each "
            "token but the last begins a pair.",
        ),
        Mistake(
            "a list in place of a dict", as_a_list,
            "The right entries came as a list. Asked for is a dict or a Counter, which finds a "
            "pair's count by the pair.",
        ),
        Mistake(
            "tokens joined to keys", joined_keys,
            "The keys are joined texts: lo + w and l + ow would be the same. A key is the tuple of "
            "the two tokens.",
        ),
        Mistake(
            "overlapping pairs left out", without_overlaps,
            "aaa has the pair (a, a) at two places, and both are counted. That only one of them "
            "can be merged is for the merge to see to.",
        ),
    ),
    hints=(
        "Which pairs does banana have, from left to right? How many are there?",
        "zip(tokens, tokens[1:]) gives the neighbours. What must each of them add to the counts?",
        "for tokens, count in words: for pair in zip(tokens, tokens[1:]): counts[pair] += count, "
        "with counts = Counter() before the loops.",
    ),
)  # fmt: skip
