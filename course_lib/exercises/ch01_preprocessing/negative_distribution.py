"""Exercise: the distribution that negative samples are drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield counts whose powers come out even first, then any counts and powers."""
    yield Case("by hand", np.array([1, 16]))
    yield Case("equal counts", np.array([7, 7, 7, 7]))
    yield Case("a word that never occurs", np.array([0, 81, 16]))
    yield Case("very frequent words", np.array([1_000_000, 20_000, 300, 1]))
    yield Case("another exponent", np.array([4, 9, 25]), exponent=0.5)
    yield Case("many words", rng.integers(1, 5_000, size=8))


def uniform(counts: Any, exponent: float = 0.75) -> Any:
    """Draw every word alike."""
    return [1 / len(counts)] * len(counts)


def plain_frequency(counts: Any, exponent: float = 0.75) -> Any:
    """Leave the power out."""
    return counts / counts.sum()


def not_normalised(counts: Any, exponent: float = 0.75) -> Any:
    """Leave the division out."""
    return counts**exponent


def power_after_division(counts: Any, exponent: float = 0.75) -> Any:
    """Divide by the sum of the counts first, and never again."""
    return (counts / counts.sum()) ** exponent


def divided_by_plain_sum(counts: Any, exponent: float = 0.75) -> Any:
    """Divide the raised counts by the sum of the plain ones."""
    return counts**exponent / counts.sum()


def inverted_power(counts: Any, exponent: float = 0.75) -> Any:
    """Take the root where the power is meant, which sharpens."""
    weights = counts ** (1 / exponent)
    return weights / weights.sum()


def softmax_of_counts(counts: Any, exponent: float = 0.75) -> Any:
    """Exponentiate the counts."""
    import numpy

    weights = numpy.exp(counts - counts.max())
    return weights / weights.sum()


def exponent_fixed(counts: Any, exponent: float = 0.75) -> Any:
    """Write 0.75 where the argument belongs."""
    weights = counts**0.75
    return weights / weights.sum()


def add_one(counts: Any, exponent: float = 0.75) -> Any:
    """Add one to each count, as if the words never seen had to be drawn too."""
    weights = (counts + 1) ** exponent
    return weights / weights.sum()


def smoothing_at_nought(counts: Any, exponent: float = 0.75) -> Any:
    """Count words never seen as seen once."""
    weights = np.maximum(counts, 1) ** exponent
    return weights / weights.sum()


def by_logarithms(counts: Any, exponent: float = 0.75) -> Any:
    """Multiply logarithms, from the largest down."""
    with np.errstate(divide="ignore"):
        logs = exponent * np.log(counts)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def by_loop(counts: Any, exponent: float = 0.75) -> Any:
    """Raise and divide one by one."""
    raised = [float(count) ** exponent for count in counts]
    return np.array([weight / sum(raised) for weight in raised])


EXERCISE = Exercise(
    name="negative_distribution",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.text.vectors.noise:negative_distribution",
    cases=cases,
    compare=close(relative=1e-6),
    returns=ARRAY,
    alternatives=(by_logarithms, by_loop),
    not_by=(
        "course_lib.text:negative_distribution",
        "course_lib.text.vectors.noise:negative_distribution",
    ),
    mistakes=(
        Mistake("uniform", uniform,
                "Every word gets the same probability, so most negatives are words that the text "
                "hardly holds. The counts decide, raised to the exponent."),
        Mistake("plain frequency", plain_frequency,
                "These are the frequencies themselves, the exponent 1: nearly every negative would "
                "be 'the' or 'of'. Raise the counts to the exponent first."),
        Mistake("not normalised", not_normalised,
                "The weights are right but sum to more than 1. Probabilities are each weight "
                "divided by the sum of the weights."),
        Mistake("divided before the power", power_after_division,
                "You divided by the sum, then raised to the exponent, and the power undid the sum "
                "of 1. Raise first, then divide by the sum of what you raised."),
        Mistake("divided by the sum of the counts", divided_by_plain_sum,
                "You divided the raised counts by the sum of the plain counts. Divide by the sum "
                "of the raised ones: only then do they sum to 1."),
        Mistake("exponent inverted", inverted_power,
                "You raised to 1 / exponent, which makes frequent words more frequent. The "
                "exponent 0.75 flattens: 16 against 1 becomes 8 against 1."),
        Mistake("softmax", softmax_of_counts,
                "A softmax of counts gives almost all to the most frequent word: e¹⁶ against e¹. "
                "Counts are not scores: raise them to the exponent and divide by their sum."),
        Mistake("exponent fixed at 0.75", exponent_fixed,
                "0.75 is written into the formula, so the argument exponent does nothing. Use the "
                "argument."),
        Mistake("one added to each count", add_one,
                "You added 1 to each count. That is smoothing, which this distribution does not "
                "do: a word that never occurs is never drawn."),
        Mistake("a count of 0 taken for 1", smoothing_at_nought,
                "A word that never occurs was counted once. Its weight is 0: nobody ever draws "
                "it."),
    ),
    hints=(
        "Two words occur 1 and 16 times. What are 1 and 16 to the power of 0.75?",
        "What must probabilities sum to, and what do the raised counts sum to?",
        "weights = counts ** exponent; then divide the weights by weights.sum().",
    ),
)  # fmt: skip
