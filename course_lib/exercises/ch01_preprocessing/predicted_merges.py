"""Exercise: predict the first merges of three words, then let the machine learn them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.probes import item_of_answer
from course_lib.exercises.returned import SEQUENCE, each

Merges = list[tuple[str, str]]


def merges_by_hand() -> Merges:
    """Return the first four merges of mama × 2, cacao × 4 and papa × 4.

    Eight times each: (p, a) and (c, a), and p is the greater. What was (a, p) is now (pa, pa), four
    times, like (ca, ca), (ca, o) and (m, a); and pa is greater than m.
    """
    return [("p", "a"), ("c", "a"), ("pa", "pa"), ("m", "a")]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the four places: a prediction has no other input."""
    for number, name in enumerate(("first", "second", "third", "fourth")):
        yield Case(f"the {name} merge").setting(item=number)


def counts_ignored() -> Merges:
    """Count each word once."""
    return [("p", "a"), ("m", "a"), ("c", "a"), ("pa", "pa")]


def ties_to_the_lesser() -> Merges:
    """Give ties to the lesser pair."""
    return [("c", "a"), ("p", "a"), ("ca", "ca"), ("caca", "o")]


def never_recounted() -> Merges:
    """Take the four most frequent pairs of the first count."""
    return [("p", "a"), ("c", "a"), ("m", "a"), ("a", "p")]


def once_a_word() -> Merges:
    """Count a pair once in each word."""
    return [("p", "a"), ("pa", "pa"), ("c", "a"), ("ca", "o")]


def ties_as_they_came() -> Merges:
    """Give ties to the pair that was met first."""
    return [("c", "a"), ("p", "a"), ("m", "a"), ("ca", "ca")]


EXERCISE = Exercise(
    name="predicted_merges",
    points=2,
    difficulty=2,
    minutes=8,
    kind="predict",
    reference="course_lib.exercises.ch01_preprocessing.predicted_merges:merges_by_hand",
    cases=cases,
    returns=each(SEQUENCE),
    probe=item_of_answer,
    mistakes=(
        Mistake(
            "each word counted once", counts_ignored,
            "papa and cacao occur four times, mama twice: (m, a) stands in the text four times, "
            "not as often as the others.",
        ),
        Mistake(
            "ties to the lesser pair", ties_to_the_lesser,
            "Of equally frequent pairs the greater is merged, the one later in the alphabet: p "
            "comes after c.",
        ),
        Mistake(
            "never counted again", never_recounted,
            "These are the commonest pairs of the first count. A merge uses up tokens: once pa is "
            "one token, there is no (a, p) left. Count again after each merge.",
        ),
        Mistake(
            "once a word", once_a_word,
            "papa holds (p, a) twice, so four papas hold it eight times. After the merge they hold "
            "(pa, pa) once each.",
        ),
        Mistake(
            "ties as they came", ties_as_they_came,
            "The order of the words decided the ties, so the same words in another order would "
            "give other tokens. The greater pair wins: ('p', 'a') > ('c', 'a').",
        ),
    ),
    hints=(
        "How often does (p, a) occur in four papas? And (c, a) in four cacaos?",
        "After the first merge write the words anew: papa is now pa pa. Which pairs are left, and "
        "how often?",
        "First the p of papa, then the c of cacao. After that four pairs occur four times each: "
        "compare their first tokens, ca, m and pa, as words in a dictionary.",
    ),
)  # fmt: skip
