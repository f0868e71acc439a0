"""Exercise: count the words of a text in an order that does not depend on chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE, each
from course_lib.text.words.frequencies import word_frequencies

Pairs = list[tuple[str, int]]


def word_counts(tokens: list[str]) -> Pairs:
    """Return each word in lower case with its count, most frequent first, ties by alphabet."""
    return list(word_frequencies(tokens).items())


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield tokens with one difficulty each, then a longer draw with all of them."""
    yield Case("most frequent first", [])
    yield Case("most frequent first", ["b", "a", "b"])
    yield Case("most frequent first", ["a", "b", "a"])
    yield Case("upper and lower case", ["The", "cat", "the"])
    yield Case("ties", ["pear", "fig", "apple", "apple", "fig"])
    yield Case("ties", ["banana", "fig", "apple", "kiwi"])
    yield Case("marks and numbers", ["so", ",", "so", "3.14", "。", "!"])
    yield Case("words with other characters", ["don't", "GPT-4", "学习", "don't"])
    vocabulary = ["the", "The", "cat", "dog", "Dog", ".", "don't", "学习", "3.14"]
    yield Case("a longer text", [*rng.choice(vocabulary, 40).tolist(), "cat", "Dog"])


def _lowered(tokens: list[str]) -> Counter[str]:
    return Counter(token.lower() for token in tokens if any(map(str.isalpha, token)))


def capitals_apart(tokens: list[str]) -> Pairs:
    """Count without lower-casing."""
    counts = Counter(token for token in tokens if any(map(str.isalpha, token)))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def ties_as_they_came(tokens: list[str]) -> Pairs:
    """Leave ties in the order of first appearance."""
    return _lowered(tokens).most_common()


def ties_backwards(tokens: list[str]) -> Pairs:
    """Reverse the alphabet along with the counts."""
    return sorted(_lowered(tokens).items(), key=lambda pair: (pair[1], pair[0]), reverse=True)


def rare_first(tokens: list[str]) -> Pairs:
    """Sort the counts upwards."""
    return sorted(_lowered(tokens).items(), key=lambda pair: (pair[1], pair[0]))


def marks_counted(tokens: list[str]) -> list[tuple[str, int]]:
    """Count marks and numbers as words."""
    from collections import Counter

    counts = Counter(token.lower() for token in tokens)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def letters_only(tokens: list[str]) -> list[tuple[str, int]]:
    """Ask that every character be a letter."""
    from collections import Counter

    counts = Counter(token.lower() for token in tokens if token.isalpha())
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def ties_by_length(tokens: list[str]) -> Pairs:
    """Put the shorter of equally frequent words first."""
    return sorted(_lowered(tokens).items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))


def as_a_dict(tokens: list[str]) -> Any:
    """Return the table as a dict."""
    return dict(word_counts(tokens))


def sorted_twice(tokens: list[str]) -> Pairs:
    """Sort by the alphabet, then by the count: sorting keeps what is equal in order."""
    table = sorted(_lowered(tokens).items())
    table.sort(key=lambda pair: pair[1], reverse=True)
    return table


def counted_by_hand(tokens: list[str]) -> list[list[Any]]:
    """Count in a dict, and pick the next word again and again."""
    counts: dict[str, int] = {}
    for token in tokens:
        if any(character.isalpha() for character in token):
            counts[token.lower()] = counts.get(token.lower(), 0) + 1
    table = []
    while counts:
        most = max(counts.values())
        word = min(word for word, count in counts.items() if count == most)
        table.append([word, counts.pop(word)])
    return table


EXERCISE = Exercise(
    name="word_counts",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch01_preprocessing.word_counts:word_counts",
    withhold=("course_lib.text.words.frequencies",),
    cases=cases,
    returns=each(SEQUENCE),
    alternatives=(sorted_twice, counted_by_hand),
    not_by=(
        "course_lib.text:word_frequencies", "course_lib.text.words.frequencies:word_frequencies",
    ),
    mistakes=(
        Mistake(
            "capitals apart", capitals_apart,
            "The at the start of a sentence is counted apart from the inside it. Lower-case each "
            "token before it is counted, not afterwards.",
        ),
        Mistake(
            "ties as they came", ties_as_they_came,
            "Counter.most_common leaves equal counts in the order of first appearance, so the "
            "same words in another order give another table. Sort ties by the word.",
        ),
        Mistake(
            "ties backwards", ties_backwards,
            "reverse=True turns both parts of the key round: the counts fall, but equal words run "
            "from z to a. Negate the count instead, and sort upwards.",
        ),
        Mistake(
            "rare words first", rare_first,
            "Sorting goes upwards unless told otherwise: the rarest word came first.",
        ),
        Mistake(
            "marks counted as words", marks_counted,
            "Commas, full stops and numbers are in the table. A word has at least one letter.",
        ),
        Mistake(
            "words with a mark in them lost", letters_only,
            "isalpha asks that every character be a letter, which don't and GPT-4 fail. One letter "
            "is enough: any(map(str.isalpha, token)).",
        ),
        Mistake(
            "ties by length", ties_by_length,
            "Of equally frequent words the shorter one came first. The alphabet decides, whatever "
            "the length: (-count, word) is the whole key.",
        ),
        Mistake(
            "a dict instead of pairs", as_a_dict,
            "A dict came back, from which nobody can take the first twelve entries by a slice. "
            "Return the list of pairs: sorted(...) of the dict's items gives it.",
        ),
    ),
    hints=(
        "When two words are equally frequent, what decides which comes first?",
        "sorted takes a key that may be a pair. What must the pair hold, so that a larger count "
        "comes earlier and an earlier letter comes earlier?",
        "sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])), where counts is a Counter "
        "of the lower-cased tokens that hold a letter.",
    ),
)  # fmt: skip
