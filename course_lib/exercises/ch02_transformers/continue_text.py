"""Challenge: continue a misremembered quotation by attention that nobody trained.

Scored by the share of texts whose next word is found, against three baselines on the same texts:
the commonest word, what followed the last word before, what followed the last three.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch02_transformers.probes import each_text
from course_lib.exercises.ch02_transformers.texts_to_continue import to_continue
from course_lib.exercises.challenge import Challenge
from course_lib.exercises.returned import NUMBER

Text = list[int]
SMALL = [[7, 8, 9, 1, 7, 8], [5, 1, 2, 3, 1, 4, 9, 5, 1, 2, 3, 1], [4, 1, 2, 6, 1, 3, 5, 4, 1]]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three texts by hand; then quotations, once for each bar to pass."""
    yield Case("by hand", SMALL)
    drawn = to_continue(int(rng.integers(2**31)))
    case = Case("", drawn.texts).judged_by(following=drawn.following)
    for bar, baseline in BASELINES.items():
        limit = share_found([baseline(text) for text in drawn.texts], case.truth)
        yield case.also(f"beats {bar}", bar=bar, limit=limit)


def continue_text(text: Text) -> int:
    """Return the word that most likely follows: an attention over eight words back.

    The query is the last eight words, the key of each earlier place the eight words up to it, the
    score how many agree, the value the word that came next.
    """
    words = np.array(text)
    scores = np.zeros(len(words) - 1)
    for back in range(min(8, len(words) - 1)):
        scores[back:] += 2.0 * (words[: len(words) - 1 - back] == words[-1 - back])
    weights = np.exp(scores - scores.max())
    return int(np.bincount(words[1:], weights).argmax())


def commonest(text: Text) -> int:
    """Say the commonest word."""
    from collections import Counter

    return Counter(text).most_common(1)[0][0]


def after_the_same_word(text: Text) -> int:
    """Say what followed the last word when it last occurred."""
    for place in range(len(text) - 2, -1, -1):
        if text[place] == text[-1]:
            return text[place + 1]
    return Counter(text).most_common(1)[0][0]


def after_three_same_words(text: Text) -> int:
    """Say what followed the last three words when they last occurred."""
    for place in range(len(text) - 2, 1, -1):
        if text[place - 2 : place + 1] == text[-3:]:
            return text[place + 1]
    return after_the_same_word(text)


def the_matching_word(text: Text) -> int:
    """Take the word at the place that fits best, and not the one after it."""
    words = np.array(text)
    scores = np.zeros(len(words) - 1)
    for back in range(min(8, len(words) - 1)):
        scores[back:] += 2.0 * (words[: len(words) - 1 - back] == words[-1 - back])
    return int(words[int(scores.argmax())])


def looks_at_itself(text: Text) -> int:
    """Let the last place match itself."""
    return text[-1]


def always_zero(text: Text) -> int:
    """Say the same each time."""
    return 0


BASELINES: dict[str, Callable[[Text], int]] = {
    "the commonest word": commonest,
    "one word back": after_the_same_word,
    "three words back": after_three_same_words,
}


def share_found(guesses: Any, truth: dict[str, Any]) -> float | str:
    """Return the share of texts whose next word was guessed."""
    following = truth["following"]
    if len(guesses) != len(following):
        return f"{len(guesses)} words came for {len(following)} texts"
    right = [guess == word for guess, word in zip(guesses, following, strict=True)]
    return float(sum(right)) / len(right)


def by_counting(text: Text) -> int:
    """Take the word after the place where most of eight words agree, the latest of the best."""
    best, guess = -1, text[-1]
    for place in range(len(text) - 1):
        pairs = zip(reversed(text[: place + 1]), reversed(text[-8:]), strict=False)
        agree = sum(one == other for one, other in pairs)
        if agree >= best:
            best, guess = agree, text[place + 1]
    return guess


EXERCISE = Exercise(
    name="continue_text",
    points=4,
    difficulty=5,
    minutes=30,
    kind="challenge",
    reference="course_lib.exercises.ch02_transformers.continue_text:continue_text",
    cases=cases,
    probe=each_text,
    returns=NUMBER,
    alternatives=(by_counting,),
    challenge=Challenge(share_found, "{:.1%} of the words found"),
    mistakes=(
        Mistake("the commonest word", commonest,
                "You count words wherever they stand. The text has been there before: look for the "
                "place where it was like now, and say what came next there."),
        Mistake("one word back", after_the_same_word,
                "You look for the last word alone, and *the* is followed by many words. Let "
                "several words before it agree too."),
        Mistake("three words back", after_three_same_words,
                "You want the last three words to agree exactly. One word in five is wrong: count "
                "how many of the last eight agree, and take the best."),
        Mistake("the matching word", the_matching_word,
                "You found the right place, and returned the word *there*. The value of a place is "
                "the word that came after it."),
        Mistake("looks at itself", looks_at_itself,
                "The place most like the last one is the last one itself. It has no next word yet: "
                "leave it out of the keys."),
        Mistake("always the same", always_zero,
                "The answer does not depend on the text."),
    ),
    hints=(
        "What are query, key and value, when the question is what came after a place like this?",
        "Query: the last eight words. Key of place j: the eight words up to j. Score: how many "
        "agree. Which value belongs to place j?",
        "scores[back:] += words[:-1 - back] == words[-1 - back] for back in range(8); then the "
        "word after the place with the highest score.",
    ),
)  # fmt: skip
