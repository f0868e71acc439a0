"""Exercise: cut a new word with merges that were learned before, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE
from course_lib.text.bpe.steps import learn_merges, merge_pair

Merges = list[tuple[Any, Any]]
LOW = [("s", "t"), ("e", "st"), ("o", "w"), ("l", "ow")]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield words on which only the order of the merges decides, then learned merges."""
    yield Case("no merge fits", [], LOW)
    yield Case("no merge fits", list("xyz"), LOW)
    yield Case("all merges in turn", list("lowest"), LOW)
    yield Case("the earlier merge wins", list("abc"), [("b", "c"), ("a", "b")])
    yield Case("the earlier merge wins", list("abc"), [("b", "c"), ("a", "bc"), ("a", "b")])
    yield Case("the earlier merge wins", list("abab"), [("b", "a"), ("a", "b")])
    yield Case("short tokens before long ones", list("abcd"),
               [("c", "d"), ("a", "b"), ("ab", "c")])  # fmt: skip
    yield Case("a merge that does not fit, then one that does", list("wet"), [*LOW, ("e", "t")])
    yield Case("a merge twice", list("lowlow"), LOW)
    yield Case("a merge twice", list("aaa"), [("a", "a")])
    yield Case("tokens that end as a pair begins", list("baab"), [("b", "a"), ("a", "b")])
    yield Case("bytes", [b"\xe6", b"\x88", b"\x91"], [(b"\x88", b"\x91"), (b"\xe6", b"\x88\x91")])
    for _ in range(2):
        texts = ["".join(rng.choice(list("abc"), 6)) for _ in range(6)]
        merges = learn_merges([(list(text), 1) for text in texts], 7)
        yield Case("merges learned from words", list("".join(rng.choice(list("abc"), 12))), merges)


def longest_token_first(tokens: list[Any], merges: Merges) -> list[Any]:
    """Cut off the longest known token, again and again."""
    known = {first + second for first, second in merges}
    found: list[Any] = []
    start = 0
    while start < len(tokens):
        end = len(tokens)
        while end > start + 1 and _joined(tokens[start:end]) not in known:
            end -= 1
        found.append(_joined(tokens[start:end]))
        start = end
    return found


def _joined(tokens: list[Any]) -> Any:
    return tokens[0][:0].join(tokens)


def leftmost_pair_first(tokens: list[Any], merges: Merges) -> list[Any]:
    """Join the first pair from the left that is any merge, and begin again."""
    word, known = list(tokens), {tuple(pair) for pair in merges}
    place = 0
    while place < len(word) - 1:
        if (word[place], word[place + 1]) in known:
            word[place : place + 2] = [word[place] + word[place + 1]]
            place = 0
        else:
            place += 1
    return word


def last_learned_first(tokens: list[Any], merges: Merges) -> list[Any]:
    """Apply the merges backwards."""
    word = list(tokens)
    for pair in reversed(merges):
        word = merge_pair(word, pair)
    return word


def stopped_at_the_first_misfit(tokens: list[Any], merges: Merges) -> list[Any]:
    """Give up at the first merge that changes nothing."""
    word = list(tokens)
    for pair in merges:
        merged = merge_pair(word, pair)
        if merged == word:
            break
        word = merged
    return word


def once_each(tokens: list[Any], merges: Merges) -> list[Any]:
    """Apply each merge to its first occurrence only."""
    word = list(tokens)
    for first, second in merges:
        for place in range(len(word) - 1):
            if word[place] == first and word[place + 1] == second:
                word[place : place + 2] = [first + second]
                break
    return word


def counted_anew(tokens: list[Any], merges: Merges) -> list[Any]:
    """Learn from the word itself instead of applying what was learned."""
    word = list(tokens)
    for pair in learn_merges([(word, 1)], len(merges)):
        word = merge_pair(word, pair)
    return word


def replaced_in_the_joined_text(tokens: list[Any], merges: Merges) -> list[Any]:
    """Write the tokens with spaces between them, and replace in that."""
    space = b" " if tokens and isinstance(tokens[0], bytes) else " "
    text: Any = space.join(tokens)
    for pair in merges:
        text = text.replace(space.join(pair), pair[0] + pair[1])
    return list(text.split())


def in_place(tokens: list[Any], merges: Merges) -> list[Any]:
    """Merge in the list that was given."""
    for pair in merges:
        tokens[:] = merge_pair(tokens, pair)
    return tokens


def on_a_copy(tokens: list[Any], merges: Merges) -> list[Any]:
    """Merge in a copy, one pair after the other."""
    word = list(tokens)
    for first, second in merges:
        place = 0
        while place + 1 < len(word):
            if word[place] == first and word[place + 1] == second:
                word[place : place + 2] = [first + second]
            place += 1
    return word


def by_rank(tokens: list[Any], merges: Merges) -> tuple[Any, ...]:
    """Look each time for the earliest merge that is still to come and fits."""
    word, at = list(tokens), 0
    ranks = [tuple(pair) for pair in merges]
    while at < len(ranks):
        pairs = set(pairwise(word))
        fitting = [rank for rank in range(at, len(ranks)) if ranks[rank] in pairs]
        if not fitting:
            break
        at = fitting[0] + 1
        word = merge_pair(word, ranks[fitting[0]])
    return tuple(word)


EXERCISE = Exercise(
    name="encode_word",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.text.bpe.steps:encode_word",
    cases=cases,
    returns=SEQUENCE,
    alternatives=(on_a_copy, by_rank),
    not_by=(
        "course_lib.text:encode_word", "course_lib.text.bpe.steps:encode_word",
        "course_lib.text:merge_pair", "course_lib.text.bpe.steps:merge_pair",
        "course_lib.text:BPETokenizer",
    ),
    mistakes=(
        Mistake(
            "longest token first", longest_token_first,
            "You took the longest token that the vocabulary has, as maximum matching does. BPE "
            "repeats the merges in the order learned, even where that ends in shorter tokens.",
        ),
        Mistake(
            "leftmost pair first", leftmost_pair_first,
            "The first pair from the left was joined, whichever merge it was. A merge learned "
            "earlier goes first, wherever in the word it stands.",
        ),
        Mistake(
            "last learned first", last_learned_first,
            "The merges were applied backwards. A later merge joins tokens that only earlier ones "
            "make: go through the list from its beginning.",
        ),
        Mistake(
            "stopped at the first misfit", stopped_at_the_first_misfit,
            "A merge that does not occur in this word says nothing about the next ones: go on.",
        ),
        Mistake(
            "each merge once", once_each,
            "A pair may stand in a word several times: lowlow is low, low. Merge all of them.",
        ),
        Mistake(
            "counted in the word itself", counted_anew,
            "The pairs of this one word were counted. Encoding counts nothing: it repeats what "
            "was learned from the training text, so that the same word always gets the same cut.",
        ),
        Mistake(
            "replaced in the joined text", replaced_in_the_joined_text,
            "In one string, ba a b holds a a, though ba is another token than a. Compare whole "
            "tokens, place by place.",
        ),
        Mistake(
            "changed in place", in_place,
            "The cut is right, and the list that was given is cut as well. Begin with a copy: "
            "list(tokens).",
        ),
    ),
    hints=(
        "What does a single merge do to the word, and where does it look first?",
        "abc with the merges (b, c), then (a, b): which is applied first, and what is left for the "
        "second?",
        "for first, second in merges: at each place i from the left, where tokens[i : i + 2] is "
        "[first, second], tokens[i : i + 2] = [first + second]. Copy the list before.",
    ),
)  # fmt: skip
