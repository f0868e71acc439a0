"""Exercise: remove stop words, and nothing that carries meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE

WORDS = {"the", "is", "a", "this", "not", "no", "at", "all", "的", "了", "不"}
KEEP = {"not", "no", "不"}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield short sentences with one trap each, then a longer draw."""
    yield Case("stop words at all", ["the", "cat"], WORDS, KEEP)
    yield Case("stop words at all", ["电影", "的", "海报"], WORDS, KEEP)
    yield Case("capital letters", ["The", "film", "IS", "a", "Film"], WORDS, KEEP)
    yield Case("negations", ["not", "good"], WORDS, KEEP)
    yield Case("negations", ["NOT", "bad", "不", "好"], WORDS, KEEP)
    yield Case("neighbours", ["is", "the", "a", "cat", "the", "the"], WORDS, KEEP)
    yield Case("repeated words", ["cat", "the", "dog", "cat"], WORDS, KEEP)
    yield Case("words that hold a stop word", ["theatre", "island", "目的", "at"], WORDS, KEEP)
    vocabulary = ["The", "the", "cat", "Cat", "not", "No", "island", "的", "不", "好"]
    yield Case("a longer text", rng.choice(vocabulary, 25).tolist(), WORDS, KEEP)


def compared_too_early(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Compare the tokens as they are spelt."""
    return [token for token in tokens if token not in words or token in keep]


def given_back_in_lower_case(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Lower-case what is handed back too."""
    lowered = [token.lower() for token in tokens]
    return [token for token in lowered if token not in words or token in keep]


def negations_removed(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Forget what must be kept."""
    return [token for token in tokens if token.lower() not in words]


def removed_while_walking(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Change the list that the loop walks through."""
    for token in tokens:
        if token.lower() in words and token.lower() not in keep:
            tokens.remove(token)
    return tokens


def repeats_lost(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Keep each word once."""
    kept = [t for t in tokens if t.lower() not in words or t.lower() in keep]
    return list(dict.fromkeys(kept))


def parts_of_words(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Look for stop words inside the tokens."""
    dropped = words - keep
    return [token for token in tokens if not any(word in token.lower() for word in dropped)]


def keep_as_spelt(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Lower-case for the one list, and not for the other."""
    return [token for token in tokens if token.lower() not in words or token in keep]


def only_the_kept(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Take ``keep`` for all that may stay."""
    return [token for token in tokens if token.lower() in keep]


def replaced_in_the_joined_text(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Take the stop words out of one long string."""
    text = " ".join(tokens)
    for word in sorted(words - keep, key=lambda word: (-len(word), word)):
        text = re.sub(word, "", text, flags=re.IGNORECASE)
    return text.split()


def in_a_loop(tokens: list[str], words: set[str], keep: set[str]) -> list[str]:
    """Ask for each token, in two steps."""
    kept = []
    for token in tokens:
        spelt = token.lower()
        if spelt in keep or spelt not in words:
            kept.append(token)
    return kept


def by_filter(tokens: list[str], words: set[str], keep: set[str]) -> tuple[str, ...]:
    """Filter by one condition."""
    return tuple(filter(lambda token: token.lower() in keep or token.lower() not in words, tokens))


EXERCISE = Exercise(
    name="without_stop_words",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.text.words.stop_words:remove_stop_words",
    cases=cases,
    returns=SEQUENCE,
    alternatives=(in_a_loop, by_filter),
    not_by=(
        "course_lib.text:remove_stop_words", "course_lib.text.words.stop_words:remove_stop_words",
    ),
    mistakes=(
        Mistake(
            "compared before lower-casing", compared_too_early,
            "The list is in lower case, and The is not the: at the start of each sentence a stop "
            "word slips through. Compare token.lower().",
        ),
        Mistake(
            "given back in lower case", given_back_in_lower_case,
            "The comparison ignores capitals, and the result lost them as well: Film and Apple "
            "should come back as they were. Lower-case only what you compare.",
        ),
        Mistake(
            "negations removed", negations_removed,
            "not is on the list, as on most published ones, and so not good became good. What is "
            "in keep must stay, whatever the list says.",
        ),
        Mistake(
            "removed while walking through", removed_while_walking,
            "tokens.remove inside the loop over tokens moves the rest forward, so that the next "
            "one is skipped; and it removes the first equal token, not this one. Build a new list.",
        ),
        Mistake(
            "repeated words lost", repeats_lost,
            "A set or a dict holds each word once. Counts carry meaning: keep every occurrence.",
        ),
        Mistake(
            "parts of words compared", parts_of_words,
            "`word in token` asks whether one string lies inside another: island holds is. Ask "
            "whether the whole token is in the set.",
        ),
        Mistake(
            "keep compared as spelt", keep_as_spelt,
            "NOT is not in keep as it is spelt, so it went. Capitals make no difference there "
            "either: compare token.lower() with both sets.",
        ),
        Mistake(
            "only what is to be kept", only_the_kept,
            "Only the words of keep came back. keep is an exception to the list; whatever is on "
            "neither of the two stays as well.",
        ),
        Mistake(
            "replaced in the joined text", replaced_in_the_joined_text,
            "In one long string, is stands inside island and at inside cat. Go from token to token "
            "and compare whole ones.",
        ),
    ),
    hints=(
        "Is THE a stop word? Is not one, for you?",
        "What you compare and what you give back need not be the same string.",
        "[token for token in tokens if token.lower() not in dropped], with dropped = words - keep.",
    ),
)  # fmt: skip
