"""Exercise: GloVe's weight of a pair that was seen x times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield counts below, at and beyond the cap first; then zeros, tables and other settings."""
    yield Case("below the cap", np.array([1.0, 16.0]), x_max=81.0)
    yield Case("at and beyond the cap", np.array([16.0, 17.0, 500.0]), x_max=16.0)
    yield Case("a pair never seen", np.array([0.0, 81.0]), x_max=1296.0)
    yield Case("the usual settings", np.array([0.5, 10.0, 99.0, 101.0]))
    yield Case("another exponent", np.array([4.0, 9.0, 100.0]), x_max=25.0, exponent=0.5)
    yield Case("a table", rng.integers(0, 40, size=(2, 3)).astype(float), x_max=25.0)


def uncapped(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Leave the cap out."""
    return (counts / x_max) ** exponent


def no_power(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Leave the power out."""
    import numpy

    return numpy.minimum(1.0, counts / x_max)


def not_divided(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Cap the count, but never divide by the cap."""
    import numpy

    return numpy.minimum(counts, x_max) ** exponent


def divided_after_the_power(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Raise the count alone, then divide."""
    import numpy

    return numpy.minimum(1.0, counts**exponent / x_max)


def inverted_power(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Take the root where the power is meant."""
    import numpy

    return numpy.minimum(1.0, (counts / x_max) ** (1 / exponent))


def frequent_dropped(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Give the frequent pairs no weight at all."""
    import numpy

    return numpy.where(counts <= x_max, (counts / x_max) ** exponent, 0.0)


def maximum(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Take the greater of the two, not the lesser."""
    import numpy

    return numpy.maximum(1.0, (counts / x_max) ** exponent)


def zero_weighs_one(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Add one so that the logarithm of zero does no harm."""
    import numpy

    return numpy.minimum(1.0, ((counts + 1) / x_max) ** exponent)


def settings_fixed(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Write the paper's numbers where the arguments belong."""
    import numpy

    return numpy.minimum(1.0, (counts / 100.0) ** 0.75)


def one_number_only(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Ask an array whether it is below the cap."""
    return (counts / x_max) ** exponent if counts < x_max else 1.0


def by_where(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Choose by a condition."""
    return np.where(counts < x_max, (counts / x_max) ** exponent, 1.0)


def clipped_first(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Cap the count, then divide and raise."""
    return np.power(np.clip(counts, 0, x_max) / x_max, exponent)


def by_loop(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Any:
    """Weigh one count after the other."""
    weights = [min(1.0, (float(count) / x_max) ** exponent) for count in counts.ravel()]
    return np.array(weights).reshape(counts.shape)


EXERCISE = Exercise(
    name="glove_weight",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.text.vectors.glove_weighting:glove_weight",
    cases=cases,
    compare=close(relative=1e-6),
    returns=ARRAY,
    alternatives=(by_where, clipped_first, by_loop),
    not_by=(
        "course_lib.text:glove_weight", "course_lib.text.vectors.glove_weighting:glove_weight",
    ),
    mistakes=(
        Mistake("no cap", uncapped,
                "Beyond x_max your weight goes on growing, so 'of the' outweighs all else. The "
                "weight never exceeds 1."),
        Mistake("no power", no_power,
                "The ratio x / x_max is used as it is. It is raised to the exponent, which lifts "
                "the middling counts."),
        Mistake("not divided by x_max", not_divided,
                "The count is capped at x_max but never divided by it, so the largest weight is "
                "not 1. Divide first, then raise, then cap at 1."),
        Mistake("divided after the power", divided_after_the_power,
                "Only the count is raised, then divided by x_max. The whole ratio x / x_max is "
                "raised, so that the weight is 1 exactly at x_max."),
        Mistake("exponent inverted", inverted_power,
                "You raised to 1 / exponent. With 0.75 the weights of rare pairs shrink far too "
                "much: (1/16) becomes 1/8, not 1/40."),
        Mistake("frequent pairs dropped", frequent_dropped,
                "Beyond x_max your weight falls to 0, so the most frequent pairs teach nothing. "
                "They keep the weight 1."),
        Mistake("maximum for minimum", maximum,
                "You took the greater of 1 and the power, so no weight is below 1. A cap is a "
                "minimum."),
        Mistake("one added to each count", zero_weighs_one,
                "You added 1 so that log 0 does no harm, and now pairs never seen weigh something. "
                "f(0) = 0 is what keeps them, and their logarithm, out of the sum."),
        Mistake("settings fixed", settings_fixed,
                "100 and 0.75 are written into the formula, so the arguments do nothing. Use x_max "
                "and exponent."),
        Mistake("one number only", one_number_only,
                "An if asks one question, but an array holds many counts. np.minimum compares each "
                "of them with 1."),
    ),
    hints=(
        "How much should a pair weigh that was seen exactly x_max times? And one seen never?",
        "Which of the two steps comes first, the division or the power, and where does the cap go?",
        "np.minimum(1.0, (counts / x_max) ** exponent) works on each count of an array at once.",
    ),
)  # fmt: skip
