"""Exercise: join a pair of neighbours wherever it stands, and never a token twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield small words with one difficulty each, then words of two letters."""
    yield Case("nothing to merge", [], ("a", "b"))
    yield Case("nothing to merge", ["a"], ("a", "b"))
    yield Case("nothing to merge", ["b", "a", "c"], ("a", "b"))
    yield Case("in the middle", ["l", "o", "w", "e"], ("o", "w"))
    yield Case("at the end", ["l", "o", "w"], ("o", "w"))
    yield Case("the last token stays", ["a", "b", "c"], ("a", "b"))
    yield Case("twice", list("abcabd"), ("a", "b"))
    yield Case("three alike", ["a", "a", "a"], ("a", "a"))
    yield Case("tokens that spell the pair", ["a", "bc", "ab", "c"], ("ab", "c"))
    yield Case("tokens that end as the pair begins", ["ba", "b", "a", "bc"], ("a", "b"))
    yield Case("bytes", [b"\xe6", b"\x88", b"\x91"], (b"\xe6", b"\x88"))
    for _ in range(2):
        word = [str(letter) for letter in rng.choice(["a", "b", "ab"], 9)]
        yield Case("longer words", ["c", *word, "a", "a", "a", "b", "a"], ("a", "a"))
        yield Case("longer words", [*word, "a", "b", "c", "a", "b", "c"], ("a", "b"))


def overlapping(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Use a token for the pair before it and for the one after it."""
    merged, used = [], False
    for place, token in enumerate(tokens):
        if tuple(tokens[place : place + 2]) == tuple(pair):
            merged.append(pair[0] + pair[1])
            used = True
        else:
            if not used:
                merged.append(token)
            used = False
    return merged


def first_only(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Stop after the first occurrence."""
    for place in range(len(tokens) - 1):
        if tuple(tokens[place : place + 2]) == tuple(pair):
            return [*tokens[:place], pair[0] + pair[1], *tokens[place + 2 :]]
    return list(tokens)


def last_lost(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Stop the loop one token early."""
    merged, place = [], 0
    while place < len(tokens) - 1:
        if tuple(tokens[place : place + 2]) == tuple(pair):
            merged.append(pair[0] + pair[1])
            place += 2
        else:
            merged.append(tokens[place])
            place += 1
    return merged


def from_the_right(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Merge from the right."""
    merged: list[Any] = []
    place = len(tokens)
    while place > 0:
        if place > 1 and tuple(tokens[place - 2 : place]) == tuple(pair):
            merged.insert(0, pair[0] + pair[1])
            place -= 2
        else:
            merged.insert(0, tokens[place - 1])
            place -= 1
    return merged


def second_kept(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Go on one token further instead of two."""
    merged = []
    for place, token in enumerate(tokens):
        match = tuple(tokens[place : place + 2]) == tuple(pair)
        merged.append(pair[0] + pair[1] if match else token)
    return merged


def spelt_alike(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Compare the joined texts instead of the two tokens."""
    merged, place = [], 0
    while place < len(tokens):
        if place + 1 < len(tokens) and tokens[place] + tokens[place + 1] == pair[0] + pair[1]:
            merged.append(pair[0] + pair[1])
            place += 2
        else:
            merged.append(tokens[place])
            place += 1
    return merged


def replaced_in_the_joined_text(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Write the tokens with spaces between them, and replace in that."""
    space = tokens[0][:0] + (b" " if isinstance(tokens[0], bytes) else " ") if tokens else " "
    return space.join(tokens).replace(space.join(pair), pair[0] + pair[1]).split()


def in_place(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Merge in the list that was given."""
    place = 0
    while place < len(tokens) - 1:
        if (tokens[place], tokens[place + 1]) == tuple(pair):
            tokens[place : place + 2] = [pair[0] + pair[1]]
        place += 1
    return tokens


def merged_with_new(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Merge again and again until the pair is gone, from the first place each time."""
    word = list(tokens)
    for _ in range(len(word)):
        for place in range(len(word) - 1):
            if word[place].endswith(pair[0]) and word[place + 1] == pair[1]:
                word[place : place + 2] = [word[place] + word[place + 1]]
                break
    return word


def on_a_copy(tokens: list[Any], pair: tuple[Any, Any]) -> list[Any]:
    """Merge in a copy, which shrinks under the loop."""
    word = list(tokens)
    place = 0
    while place < len(word):
        if word[place : place + 2] == list(pair):
            word[place : place + 2] = [pair[0] + pair[1]]
        place += 1
    return word


def with_a_flag(tokens: list[Any], pair: tuple[Any, Any]) -> tuple[Any, ...]:
    """Walk by pairs, and skip a token that was used."""
    merged: list[Any] = []
    open_first = False
    for token in tokens:
        if open_first and token == pair[1]:
            merged[-1] = merged[-1] + token
            open_first = False
        else:
            merged.append(token)
            open_first = token == pair[0]
    return tuple(merged)


EXERCISE = Exercise(
    name="merge_pair",
    points=2,
    difficulty=2,
    minutes=12,
    reference="course_lib.text.bpe.steps:merge_pair",
    cases=cases,
    returns=SEQUENCE,
    alternatives=(on_a_copy, with_a_flag),
    not_by=("course_lib.text:merge_pair", "course_lib.text.bpe.steps:merge_pair"),
    mistakes=(
        Mistake(
            "overlapping", overlapping,
            "In a a a the middle token went into two merges. Each token is used once: after a "
            "merge, go on behind the pair, so that aaa gives aa and a.",
        ),
        Mistake(
            "first occurrence only", first_only,
            "Only the first pair was merged. It may stand in the word again: go on to the end.",
        ),
        Mistake(
            "last token lost", last_lost,
            "The loop ends one token early, so a last token that is in no pair is lost. Joined, "
            "the tokens must spell the word again.",
        ),
        Mistake(
            "from the right", from_the_right,
            "aaa became a and aa. Merging goes from the left: training and encoding must agree, "
            "or a word gets other tokens than those that were counted.",
        ),
        Mistake(
            "second token kept", second_kept,
            "The pair was joined, and its second token stands after it once more. After a merge "
            "go two tokens on.",
        ),
        Mistake(
            "spelt alike", spelt_alike,
            "a + bc spells abc, as ab + c does, but it is another pair. Compare the two tokens "
            "one by one, not the text that they make.",
        ),
        Mistake(
            "replaced in the joined text", replaced_in_the_joined_text,
            "In one string, ba b holds a b, though ba is another token than a. Compare whole "
            "tokens, place by place.",
        ),
        Mistake(
            "merged in place", in_place,
            "The tokens are right, and the list that was given is changed: its owner still needs "
            "it. Build a new list, or begin with a copy.",
        ),
        Mistake(
            "ends of tokens merged too", merged_with_new,
            "A token that only ends as the pair begins was taken for it. The first of the pair "
            "must be the whole token.",
        ),
    ),
    hints=(
        "Merge (a, a) in a a a by hand. Which token is used up, and where do you look next?",
        "Walk through the word with a place that grows by two after a merge and by one otherwise: "
        "a for loop cannot do that.",
        "while place < len(tokens): if tuple(tokens[place:place + 2]) == tuple(pair): append the "
        "joined token and add 2 to place; else: append tokens[place] and add 1.",
    ),
)  # fmt: skip
