"""Exercise: ALiBi's bias without loops."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.probes import call_counting_steps

LINES = 80
"""Lines of Python that an answer on whole tensors never needs; a loop over pairs runs hundreds."""


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield small sizes, then some that a loop cannot hide."""
    yield Case("one head", 1, 1)
    yield Case("one head", 1, 3)
    yield Case("the slopes of several heads", 2, 3)
    yield Case("on whole tensors", 8, 16 + int(rng.integers(8)))


def right_and_on_whole_tensors(got: Any, expected: Any) -> str | None:
    """Say how the bias differs, or that it was computed pair by pair."""
    difference = close(relative=1e-5)(got["value"], expected["value"])
    if difference is None and got["steps"] > LINES:
        return "the numbers are right, but Python ran a line for every pair or row"
    return difference


def same_way(got: Any, wrong: Any) -> str | None:
    """Tell two answers apart by their numbers, and by whether Python ran a line for each."""
    if (got["steps"] > LINES) != (wrong["steps"] > LINES):
        return "the one loops and the other does not"
    return close(relative=1e-5)(got["value"], wrong["value"])


def loops(heads: int, time: int) -> Any:
    """Go through all triples."""
    import torch

    bias = torch.full((heads, time, time), float("-inf"))
    for head in range(heads):
        for i in range(time):
            for j in range(i + 1):
                bias[head, i, j] = -(2.0 ** (-8.0 * (head + 1) / heads)) * (i - j)
    return bias


def future_open(heads: int, time: int) -> Any:
    """Leave the future to be seen."""
    import torch

    slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
    places = torch.arange(time)
    return -slopes[:, None, None] * (places[:, None] - places)


def heads_from_zero(heads: int, time: int) -> Any:
    """Count the heads from 0."""
    slopes = 2.0 ** (-8.0 * torch.arange(heads) / heads)
    return _masked(slopes, time)


def far_preferred(heads: int, time: int) -> Any:
    """Reward distance."""
    slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
    return _masked(-slopes, time)


def one_slope(heads: int, time: int) -> Any:
    """Give every head the first one's slope."""
    slopes = torch.full((heads,), 2.0 ** (-8.0 / heads))
    return _masked(slopes, time)


def _masked(slopes: Any, time: int) -> Any:
    places = torch.arange(time)
    distance = places[:, None] - places
    return (-slopes[:, None, None] * distance).masked_fill(distance < 0, -math.inf)


EXERCISE = Exercise(
    name="alibi_bias",
    points=2,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.exercises.ch02_transformers.references:alibi_bias",
    cases=cases,
    probe=call_counting_steps,
    compare=right_and_on_whole_tensors,
    alike=same_way,
    mistakes=(
        Mistake("loops", loops,
                "The numbers are right, but each is computed by a line of Python of its own. Let "
                "two small tensors spread over one another: slopes[:, None, None] and distances."),
        Mistake("the future open", future_open,
                "Keys after the query have a negative distance, so their bias is positive: the "
                "future would even be preferred. Put −inf there."),
        Mistake("heads counted from 0", heads_from_zero,
                "Head 0 got the slope 1. The slopes are 2^(−8h / heads) with h from 1 to heads."),
        Mistake("distance rewarded", far_preferred,
                "The bias grows with the distance. It is a penalty: −slope · distance."),
        Mistake("one slope", one_slope,
                "All heads got the same slope. Each has its own, so that some look near and some "
                "far."),
    ),
    hints=(
        "Which part of the formula depends on the head only, and which on the pair only?",
        "places[:, None] - places gives all distances at once. How many axes must the slopes get "
        "to stand against (time, time)?",
        "bias = -slopes[:, None, None] * distance, and masked_fill(distance < 0, -math.inf).",
    ),
)  # fmt: skip
