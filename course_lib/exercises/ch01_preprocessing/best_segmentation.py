"""Exercise: the most probable segmentation, by dynamic programming (Viterbi)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from math import exp

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE

Logs = dict[str, float]
HAND = {"研究": -2.0, "研究生": -3.0, "生命": -2.0, "命": -6.0, "起源": -3.0, "的": -1.0}
PEOPLE = {"中华": -3.0, "人民": -2.0, "共和国": -3.0, "中华人民共和国": -4.0, "的": -1.0}
LEAST_GAP = 1e-6
"""By how much the best cut must beat the second, so that rounding decides nothing."""


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the notebook's example, the traps, then random dictionaries (without ties)."""
    yield Case("an unknown character", "", {"你": -1.0}, -20.0)
    yield Case("an unknown character", "我", {"你": -1.0}, -20.0)
    yield Case("an unknown character", "天地", {"天地": -9.0}, -4.0)
    yield Case("the longest word is wrong", "研究生命", HAND, -20.0)
    later = {"a": -4.0, "ab": -3.5, "bcd": -1.0, "c": -3.0, "d": -3.0, "b": -2.5}
    yield Case("a choice that pays later", "abcd", later, -20.0)
    yield Case("one word or two", "天地", {"天": -1.0, "地": -1.5, "天地": -9.0}, -20.0)
    yield Case("one word or two", "天地", {"天": -2.0, "地": -2.0, "天地": -3.5}, -20.0)
    yield Case("unknown among known", "研究甲生命", HAND, -8.5)
    yield Case("a word of seven characters", "中华人民共和国的", PEOPLE, -20.0)
    for _ in range(4):
        yield Case("random texts", *_without_ties(rng))


def _without_ties(rng: np.random.Generator) -> tuple[str, Logs, float]:
    """Draw a text, a dictionary and the cost of unknown ones until one cut is the best alone.

    (In 天天天, 天 + 天天 and 天天 + 天 are worth the same, whatever the numbers.)
    """
    while True:
        pieces = {"".join(rng.choice(list("天地人"), rng.integers(1, 4))) for _ in range(9)}
        logs = {piece: -float(rng.uniform(1, 9)) for piece in sorted(pieces)}
        text, unknown = "".join(rng.choice(list("天地人和"), 7)), -float(rng.uniform(6, 12))
        sums = sorted(_sum(words, logs, unknown) for words in _known(text, logs))
        if len(sums) == 1 or sums[-1] - sums[-2] > LEAST_GAP:
            return text, logs, unknown


def every_segmentation(text: str) -> Iterator[list[str]]:
    """Yield all the ways to cut ``text``: 2 to the power of its length − 1."""
    inner = range(1, len(text))
    for count in range(len(text)):
        for cuts in combinations(inner, count):
            yield [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]


def _known(text: str, logs: Logs) -> Iterator[list[str]]:
    for words in every_segmentation(text):
        if all(len(word) == 1 or word in logs for word in words):
            yield words


def _sum(words: list[str], logs: Logs, unknown: float) -> float:
    return sum(logs.get(word, unknown) for word in words)


def longest_first(text: str, log_probabilities: dict[str, float], unknown: float) -> list[str]:
    """Take the longest word, whatever its probability."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = len(text)
        while end > start + 1 and text[start:end] not in log_probabilities:
            end -= 1
        found.append(text[start:end])
        start = end
    return found


def likeliest_first(text: str, log_probabilities: dict[str, float], unknown: float) -> list[str]:
    """Take the likeliest next word, whatever it leaves."""
    found: list[str] = []
    start = 0
    while start < len(text):
        pieces = [text[start:end] for end in range(start + 1, len(text) + 1)]
        known = [piece for piece in pieces if piece in log_probabilities] or pieces[:1]
        found.append(max(known, key=lambda piece: log_probabilities.get(piece, unknown)))
        start += len(found[-1])
    return found


def fewest_words(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Prefer fewer words, and use the probabilities for ties only."""

    def key(words: list[str]) -> tuple[int, float]:
        return -len(words), _sum(words, log_probabilities, unknown)

    return max(_known(text, log_probabilities), key=key)


def probabilities_added(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Add probabilities where their logarithms belong."""

    def key(words: list[str]) -> float:
        return sum(exp(log_probabilities.get(word, unknown)) for word in words)

    return max(_known(text, log_probabilities), key=key)


def unknown_for_nothing(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Let unknown characters cost nothing."""
    cuts = _known(text, log_probabilities)
    return max(cuts, key=lambda words: _sum(words, log_probabilities, 0.0))


def any_piece_allowed(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Let a piece of any length pass as unknown."""
    cuts = every_segmentation(text)
    return max(cuts, key=lambda words: _sum(words, log_probabilities, unknown))


def not_turned_round(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Hand back the words from the last to the first."""
    cuts = _known(text, log_probabilities)
    return max(cuts, key=lambda words: _sum(words, log_probabilities, unknown))[::-1]


def pieces_of_four(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Try pieces of four characters at most."""
    cuts = (cut for cut in _known(text, log_probabilities) if max(map(len, cut), default=0) <= 4)
    return max(cuts, key=lambda words: _sum(words, log_probabilities, unknown), default=[])


def started_at_nought(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Ask for a sum greater than the 0.0 that stands there first, which no sum is."""
    return list(text)


def by_every_cut(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Try all the cuts."""
    cuts = _known(text, log_probabilities)
    return max(cuts, key=lambda words: _sum(words, log_probabilities, unknown), default=[])


def from_the_front(text: str, log_probabilities: Logs, unknown: float) -> list[str]:
    """Keep the best cut of each beginning of the text."""
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(text) + 1):
        choices = []
        for start in range(end):
            piece, (before, words) = text[start:end], best[start]
            if piece in log_probabilities or len(piece) == 1:
                choices.append((before + log_probabilities.get(piece, unknown), [*words, piece]))
        best.append(max(choices, key=lambda choice: choice[0]))
    return best[-1][1]


def by_recursion(text: str, log_probabilities: Logs, unknown: float) -> tuple[str, ...]:
    """Ask for the best cut of each rest, and remember it."""

    @cache
    def best(start: int) -> tuple[float, tuple[str, ...]]:
        if start == len(text):
            return 0.0, ()
        ends = range(start + 1, len(text) + 1)
        return max(
            (log_probabilities.get(text[start:end], unknown) + best(end)[0],
             (text[start:end], *best(end)[1]))
            for end in ends
            if end == start + 1 or text[start:end] in log_probabilities
        )  # fmt: skip

    return best(0)[1]


EXERCISE = Exercise(
    name="best_segmentation",
    points=3,
    difficulty=4,
    minutes=25,
    reference="course_lib.text.words.segmentation:viterbi_segment",
    cases=cases,
    returns=SEQUENCE,
    alternatives=(from_the_front, by_recursion, by_every_cut),
    not_by=(
        "course_lib.text:viterbi_segment", "course_lib.text.words.segmentation:viterbi_segment",
        "course_lib.text:UnigramSegmenter", "course_lib.text:chinese_segmenter",
    ),
    mistakes=(
        Mistake(
            "still the longest word first", longest_first,
            "This is maximum matching: the probabilities change nothing. Try every word that "
            "begins here, and add what the best cut of the rest is worth.",
        ),
        Mistake(
            "the likeliest word first", likeliest_first,
            "Each step takes the word with the best probability and never looks at what is left. "
            "A good word may leave a bad rest: choose by log P(word) + best[end].",
        ),
        Mistake(
            "fewest words", fewest_words,
            "The cut with the fewest words won. Two frequent words may be likelier together than "
            "one rare one: compare sums of log probabilities.",
        ),
        Mistake(
            "probabilities added", probabilities_added,
            "The chance of a whole cut is the product of its words' probabilities, so their "
            "logarithms are added as they are: no exp.",
        ),
        Mistake(
            "unknown characters for nothing", unknown_for_nothing,
            "A character that is no word must cost the value of unknown. At 0, the best of all, "
            "every cut would like to have more of them.",
        ),
        Mistake(
            "unknown words of any length", any_piece_allowed,
            "log_probabilities.get(piece, unknown) lets the whole text pass as one unknown word. "
            "Only a single character may be unknown; a longer one has no probability: -inf.",
        ),
        Mistake(
            "words in reverse", not_turned_round,
            "The right words came last first. Whoever walks back from the end must turn the list "
            "round, or walk from the start with best[i] for the text from i on.",
        ),
        Mistake(
            "pieces of at most four characters", pieces_of_four,
            "Pieces of more than four characters are never tried; 中华人民共和国 has seven. Let "
            "the end run to len(text), or as far as the longest word of the dictionary.",
        ),
        Mistake(
            "a starting 0.0 that no score beats", started_at_nought,
            "best[i] is 0.0 before the first comparison, and sums of logarithms lie below: none is "
            "greater, so single characters remain. Start at -np.inf, or take max over all ends.",
        ),
    ),
    hints=(
        "If you knew the best score of every shorter rest of the text, how would you choose the "
        "first word?",
        "Let best[i] be the best score of text[i:], and best[len(text)] = 0. In which order of i "
        "is everything that best[i] needs already there?",
        "For i from the last to the first: best[i], ends[i] = max((log P(text[i:j]) + best[j], j) "
        "for j in range(i + 1, len(text) + 1)), -np.inf for what is no word. Then follow ends from "
        "0.",
    ),
)  # fmt: skip
