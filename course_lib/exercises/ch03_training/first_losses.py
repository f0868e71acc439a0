"""Exercise: predict four losses before any model is trained."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.probes import item_of_answer

QUESTIONS = (
    "all tokens equally likely",
    "its perplexity",
    "half the probability on what comes",
    "the answer leaks",
)


def first_losses() -> list[float]:
    """Return −log 1/1000, its exponential, −log 1/2 and −log 1."""
    return [math.log(1000), 1000.0, math.log(2), 0.0]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the four questions: a prediction has no other input."""
    for place, question in enumerate(QUESTIONS):
        yield Case(question).setting(item=place)


def in_bits() -> list[float]:
    """Take the logarithm to base 2."""
    return [9.966, 1000.0, 1.0, 0.0]


def base_ten() -> list[float]:
    """Take the logarithm to base 10."""
    return [3.0, 1000.0, 0.301, 0.0]


def share_of_mistakes() -> list[float]:
    """Read the loss as the share of wrong guesses."""
    return [0.999, 2.716, 0.5, 0.0]


def swapped() -> list[float]:
    """Take the perplexity for the loss."""
    return [1000.0, 6.908, 2.0, 1.0]


def leak_changes_nothing() -> list[float]:
    """Expect the same of a model that sees the answer."""
    return [6.908, 1000.0, 0.693, 6.908]


def probabilities() -> list[float]:
    """Forget the logarithm."""
    return [0.001, 1.001, 0.5, 1.0]


EXERCISE = Exercise(
    name="first_losses",
    points=2,
    difficulty=1,
    minutes=5,
    kind="predict",
    reference="course_lib.exercises.ch03_training.first_losses:first_losses",
    cases=cases,
    probe=item_of_answer,
    compare=close(relative=0.005, absolute=0.003),
    mistakes=(
        Mistake("in bits", in_bits,
                "These are logarithms to base 2, which count bits. The course, like PyTorch, uses "
                "the natural logarithm: nats. math.log does."),
        Mistake("base ten", base_ten,
                "The logarithm is the natural one, not that to base 10: e to the loss is the "
                "perplexity."),
        Mistake("the share of mistakes", share_of_mistakes,
                "Cross-entropy is no error rate. It asks how much probability the right token got, "
                "and takes minus its logarithm."),
        Mistake("loss and perplexity swapped", swapped,
                "The loss is the logarithm, the perplexity e to the loss: the number of equally "
                "likely tokens between which the model hesitates."),
        Mistake("a leak changes nothing", leak_changes_nothing,
                "A model that sees the token it must predict learns to copy it. It puts all "
                "probability there, and minus the logarithm of 1 is 0."),
        Mistake("no logarithm", probabilities,
                "These are probabilities. The loss is minus their logarithm, so that the loss of a "
                "whole text is a sum where its probability is a product."),
    ),
    hints=(
        "What is the probability of the right token, in each of the four questions?",
        "The loss is −log of that probability, with the natural logarithm, and the perplexity is "
        "e to the loss.",
        "The first is −log(1/1000) = log(1000). And what is the logarithm of 1?",
    ),
)  # fmt: skip
