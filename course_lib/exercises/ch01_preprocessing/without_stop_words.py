"""Exercise: remove stop words, and nothing that carries meaning."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake

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


EXERCISE = Exercise(
    name="without_stop_words",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.text.words.stop_words:remove_stop_words",
    cases=cases,
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
    ),
    hints=(
        "Is THE a stop word? Is not one, for you?",
        "What you compare and what you give back need not be the same string.",
        "[token for token in tokens if token.lower() not in dropped], with dropped = words - keep.",
    ),
)  # fmt: skip
