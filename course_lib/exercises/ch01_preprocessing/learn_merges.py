"""Exercise: learn merges, the most frequent pair first, and the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.text.bpe.steps import count_pairs, merge_pair

Words = list[tuple[list[Any], int]]
Merges = list[tuple[Any, Any]]
PAPER = [(list("low"), 5), (list("lower"), 2), (list("newest"), 6), (list("widest"), 3)]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the words of the notebook and one difficulty each, then words drawn at random."""
    yield Case("the most frequent pair", [(list("ab"), 2), (list("cd"), 3)], 1)
    yield Case("the most frequent pair", [(list("ab"), 2)], 0)
    yield Case("ties", [(list("ab"), 2), (list("dc"), 2), (list("ba"), 2)], 2)
    yield Case("counted again after each merge", [(list("abc"), 4), (list("bd"), 1)], 2)
    yield Case("nothing left to merge", [(list("ab"), 1)], 5)
    yield Case("nothing left to merge", [], 3)
    yield Case("words of a text", PAPER, 8)
    yield Case("bytes", [(["我".encode()[place : place + 1] for place in range(3)], 2)], 2)
    for _ in range(2):
        words = [[str(x) for x in rng.choice(list("abcd"), rng.integers(2, 7))] for _ in range(5)]
        counts = [int(count) for count in rng.integers(1, 6, 5)]
        yield Case("random words", [*zip(words, counts, strict=True), (list("dada"), 2)], 5)


def _learned(words: Words, number: int, best: Any) -> Merges:
    merges: Merges = []
    while len(merges) < number and (counts := count_pairs(words)):
        merges.append(best(counts))
        words = [(merge_pair(tokens, merges[-1]), count) for tokens, count in words]
    return merges


def ties_as_they_came(words: Words, number: int) -> Merges:
    """Let max decide: it takes the first of equals."""
    return _learned(words, number, lambda counts: max(counts, key=counts.get))


def ties_to_the_lesser(words: Words, number: int) -> Merges:
    """Sort by falling count and rising pair."""
    return _learned(words, number, lambda counts: min(counts, key=lambda p: (-counts[p], p)))


def never_recounted(words: Words, number: int) -> Merges:
    """Take the most frequent pairs of one count."""
    counts = count_pairs(words)
    return sorted(counts, key=lambda pair: (counts[pair], pair), reverse=True)[:number]


def always_so_many(words: Words, number: int) -> Merges:
    """Do not ask whether a pair is left."""
    merges: Merges = []
    for _ in range(number):
        counts = count_pairs(words)
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        words = [(merge_pair(tokens, merges[-1]), count) for tokens, count in words]
    return merges


def tokens_not_pairs(words: Words, number: int) -> list[Any]:
    """Return the new tokens."""
    best = _learned(words, number, lambda counts: max(counts, key=lambda p: (counts[p], p)))
    return [first + second for first, second in best]


def longest_pair(words: Words, number: int) -> Merges:
    """Take the greatest pair, however rare."""
    return _learned(words, number, max)


EXERCISE = Exercise(
    name="learn_merges",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.text.bpe.steps:learn_merges",
    cases=cases,
    mistakes=(
        Mistake(
            "ties as they came", ties_as_they_came,
            "max takes the first of equally frequent pairs, so the order of the words decides. "
            "Let the pair itself break the tie: key=lambda pair: (counts[pair], pair).",
        ),
        Mistake(
            "ties to the lesser pair", ties_to_the_lesser,
            "Of equally frequent pairs the lesser was merged. Any fixed rule would do, but it must "
            "be the same everywhere, and ours takes the greater: max over (count, pair).",
        ),
        Mistake(
            "never counted again", never_recounted,
            "All merges come from the first count. Each merge makes a new token, with pairs that "
            "did not exist before: merge the words, then count again.",
        ),
        Mistake(
            "no pair left", always_so_many,
            "When every word is one token, there is no pair, and max of nothing is an error. "
            "Return the merges found so far.",
        ),
        Mistake(
            "tokens instead of pairs", tokens_not_pairs,
            "The new tokens came, and not the pairs: abc alone does not tell whether a and bc or "
            "ab and c were joined. Return the pairs.",
        ),
        Mistake(
            "the greatest pair, however rare", longest_pair,
            "max over the pairs compares their letters. The count comes first, and the letters "
            "decide only between equals.",
        ),
    ),
    hints=(
        "What changes in the words after a merge, and so in the counts of the pairs?",
        "A loop of three steps: count the pairs, choose the best one, merge it in every word. When "
        "must it stop early?",
        "best = max(counts, key=lambda pair: (counts[pair], pair)); then, in each word, from the "
        "left, tokens[i : i + 2] = [best[0] + best[1]] where best stands. Stop if counts is empty.",
    ),
)  # fmt: skip
