"""Exercise: predict what greedy matching makes of a text without spaces."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE


def greedy_words() -> list[str]:
    """Return what the longest word first makes of *thetabledownthere*."""
    return ["theta", "bled", "own", "there"]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the one question."""
    yield Case("your prediction")


def as_a_reader() -> list[str]:
    """Read the text as a person does."""
    return ["the", "table", "down", "there"]


def shortest_first() -> list[str]:
    """Take the shortest word that fits."""
    return ["the", "tab", "led", "own", "there"]


def all_that_occur() -> list[str]:
    """List every word that occurs anywhere."""
    return ["the", "theta", "tab", "table", "bled", "led", "down", "own", "there"]


EXERCISE = Exercise(
    name="greedy_words",
    kind="predict",
    points=1,
    difficulty=1,
    minutes=4,
    reference="course_lib.exercises.ch01_preprocessing.greedy_words:greedy_words",
    cases=cases,
    returns=SEQUENCE,
    mistakes=(
        Mistake(
            "read for meaning", as_a_reader,
            "That is how a person reads it, and what matching from the end would find. From the "
            "front, the first word is the longest that fits, whatever comes after it.",
        ),
        Mistake(
            "shortest word first", shortest_first,
            "Each step takes the longest word that fits, not the first one that is found.",
        ),
        Mistake(
            "every word that occurs", all_that_occur,
            "Each letter belongs to one word only: after a word, go on behind it.",
        ),
    ),
    hints=(
        "Which words of the list does the text begin with? Which of them is the longest?",
        "Cross the first word out. What does the rest begin with? Do not look back.",
        "The text begins with the, and with a longer word: a Greek letter. The rest begins with a "
        "verb in the past.",
    ),
)  # fmt: skip
