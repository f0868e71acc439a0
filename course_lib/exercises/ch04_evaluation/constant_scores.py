"""Exercise: predict four scores of a model that always gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close


def constant_scores() -> list[float]:
    """Return accuracy, balanced accuracy, macro F1 and F1 of *spam* of always saying *ham*."""
    f1_of_ham = 2 * 90 / (2 * 90 + 10)
    return [0.9, 0.5, f1_of_ham / 2, 0.0]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the one question."""
    yield Case("your prediction")


def all_accuracy() -> list[float]:
    """Believe that all scores are as good."""
    return [0.9, 0.9, 0.9, 0.9]


def f1_as_half() -> list[float]:
    """Take the F1 of ham for 1."""
    return [0.9, 0.5, 0.5, 0.0]


def micro() -> list[float]:
    """Pool the counts of the classes."""
    return [0.9, 0.5, 0.9, 0.0]


def weighted() -> list[float]:
    """Weight the classes by their size."""
    return [0.9, 0.9, 0.9 * 180 / 190, 0.0]


def one_class_only() -> list[float]:
    """Average over the class that is predicted."""
    return [0.9, 1.0, 180 / 190, 0.0]


def in_percent() -> list[float]:
    """Give percentages."""
    return [90.0, 50.0, 100 * 90 / 190, 0.0]


def undefined() -> list[float]:
    """Take the F1 of a class that is never predicted for undefined."""
    return [0.9, 0.5, 90 / 95, float("nan")]


EXERCISE = Exercise(
    name="constant_scores",
    kind="predict",
    points=1,
    difficulty=1,
    minutes=5,
    reference="course_lib.exercises.ch04_evaluation.constant_scores:constant_scores",
    cases=cases,
    compare=close(relative=0.0, absolute=0.006),
    mistakes=(
        Mistake(
            "all scores alike", all_accuracy,
            "Accuracy counts messages, and nine of ten are ham. The other three ask for each "
            "*class* how it fares, and spam is never found.",
        ),
        Mistake(
            "ham is perfect", f1_as_half,
            "Ham has recall 1, but its precision is 90 / 100: ten of those predicted ham are spam. "
            "Its F1 is 2 · 90 / (2 · 90 + 10).",
        ),
        Mistake(
            "micro for macro", micro,
            "With the counts of both classes pooled, F1 is the accuracy again: that is *micro* F1. "
            "Macro F1 is the mean of the two F1s: first each class, then the mean.",
        ),
        Mistake(
            "weighted by size", weighted,
            "Weighted by their size, the classes give the large one its way again. Balanced and "
            "macro mean that each class counts the same.",
        ),
        Mistake(
            "the absent class left out", one_class_only,
            "Spam is there, although it is never predicted: its recall and its F1 are 0, and they "
            "count in the mean.",
        ),
        Mistake(
            "percentages", in_percent,
            "These are percentages. A score lies between 0 and 1: nine of ten are 0.9.",
        ),
        Mistake(
            "F1 of spam undefined", undefined,
            "The precision of spam is 0 / 0, but its F1 is 2 · 0 / (0 + 10): that is 0, and it "
            "counts in the mean.",
        ),
    ),
    hints=(
        "How many of the 90 ham messages are right, how many of the 10 spam messages?",
        "Balanced accuracy is the mean of the two recalls. For F1 you need each class's hits, how "
        "often it was predicted, and how often it is there.",
        "F1 = 2 · hits / (predicted + there). For ham 2 · 90 / (100 + 90), for spam "
        "2 · 0 / (0 + 10); macro F1 is the mean of the two.",
    ),
)  # fmt: skip
