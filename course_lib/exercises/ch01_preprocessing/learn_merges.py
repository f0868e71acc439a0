"""Exercise: learn merges, the most frequent pair first, and the same ones every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE, each
from course_lib.text.bpe.steps import count_pairs, merge_pair

Words = list[tuple[list[Any], int]]
Merges = list[tuple[Any, Any]]
PAPER = [(list("low"), 5), (list("lower"), 2), (list("newest"), 6), (list("widest"), 3)]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the words of the notebook and one difficulty each, then words drawn at random."""
    yield Case("the most frequent pair", [(list("ab"), 2), (list("cd"), 3)], 1)
    yield Case("the most frequent pair", [(list("ab"), 2)], 0)
    yield Case("ties", [(list("ab"), 2), (list("dc"), 2), (list("ba"), 2)], 2)
    yield Case("ties", [(["a", "bc"], 2), (["ab", "a"], 2)], 1)
    yield Case("a pair twice in a word", [(list("cacaos"), 3), (list("so"), 1)], 3)
    yield Case("a pair twice in a word", [(list("aaaa"), 2), (list("bb"), 3)], 3)
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


def ties_by_the_joined_text(words: Words, number: int) -> Merges:
    """Compare the new tokens where the pairs should be compared."""
    return _learned(words, number, lambda c: max(c, key=lambda p: (c[p], p[0] + p[1], p)))


def first_occurrence_only(words: Words, number: int) -> Merges:
    """Merge a pair once in each word."""
    merges: Merges = []
    while len(merges) < number and (counts := count_pairs(words)):
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        words = [(_merged_once(tokens, merges[-1]), count) for tokens, count in words]
    return merges


def _merged_once(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    for place in range(len(tokens) - 1):
        if (tokens[place], tokens[place + 1]) == pair:
            return [*tokens[:place], pair[0] + pair[1], *tokens[place + 2 :]]
    return tokens


def in_place(words: Words, number: int) -> Merges:
    """Merge in the words that were given."""
    merges: Merges = []
    while len(merges) < number and (counts := count_pairs(words)):
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        for tokens, _count in words:
            tokens[:] = merge_pair(tokens, merges[-1])
    return merges


def counts_ignored(words: Words, number: int) -> Merges:
    """Count each word once, however often it occurs."""
    once = [(tokens, 1) for tokens, _ in words]
    return _learned(once, number, lambda c: max(c, key=lambda pair: (c[pair], pair)))


def as_lists(words: Words, number: int) -> list[list[Any]]:
    """Sort the pairs, and rebuild each word token by token."""
    merges: list[list[Any]] = []
    now = [list(tokens) for tokens, _ in words]
    while len(merges) < number:
        counts: dict[tuple[Any, Any], int] = {}
        for tokens, (_, times) in zip(now, words, strict=True):
            for place in range(len(tokens) - 1):
                pair = tokens[place], tokens[place + 1]
                counts[pair] = counts.get(pair, 0) + times
        if not counts:
            break
        _, best = sorted((times, pair) for pair, times in counts.items())[-1]
        merges.append(list(best))
        now = [_joined(tokens, best) for tokens in now]
    return merges


def _joined(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    found: list[Any] = []
    used = False
    for place, token in enumerate(tokens):
        if used:
            used = False
        elif tuple(tokens[place : place + 2]) == pair:
            found.append(pair[0] + pair[1])
            used = True
        else:
            found.append(token)
    return found


def by_a_counter(words: Words, number: int) -> Merges:
    """Count with a Counter, and stop where it is empty."""
    now = [(list(tokens), count) for tokens, count in words]
    merges: Merges = []
    for _ in range(number):
        counts: Counter[tuple[Any, Any]] = Counter()
        for tokens, count in now:
            for pair in pairwise(tokens):
                counts[pair] += count
        if not counts:
            return merges
        most = max(counts.values())
        merges.append(max(pair for pair, count in counts.items() if count == most))
        now = [(_joined(tokens, merges[-1]), count) for tokens, count in now]
    return merges


EXERCISE = Exercise(
    name="learn_merges",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.text.bpe.steps:learn_merges",
    cases=cases,
    returns=each(SEQUENCE),
    alternatives=(by_a_counter, as_lists),
    not_by=(
        "course_lib.text:learn_merges", "course_lib.text.bpe.steps:learn_merges",
        "course_lib.text:train_by_definition", "course_lib.text.bpe.training:train_by_definition",
        "course_lib.text:train_merges", "course_lib.text.bpe.training:train_merges",
        "course_lib.text:BPETokenizer.train",
    ),
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
        Mistake(
            "ties by the joined text", ties_by_the_joined_text,
            "Of equal pairs the one with the greater joined text won: abc, from a and bc, against "
            "aba, from ab and a. Compare the pairs themselves, as tuples.",
        ),
        Mistake(
            "only the first occurrence merged", first_occurrence_only,
            "In each word the pair was merged once only. cacao holds (c, a) twice: merge every "
            "occurrence, from the left, before you count again.",
        ),
        Mistake(
            "words changed in place", in_place,
            "The merges are right, and the words that were given are merged too: the next call "
            "would find nothing. Copy them before: [(list(tokens), count) for tokens, count in …].",
        ),
        Mistake(
            "each word counted once", counts_ignored,
            "Each word was counted once. Its pairs occur as often as the word does: add count, "
            "not 1.",
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
