"""Exercise: ALiBi's bias without loops."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.probes import call_counting_steps
from course_lib.exercises.returned import ARRAY, TENSOR, either

LINES = 60
"""Lines of Python that an answer on whole tensors never needs; a comprehension runs more."""


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield small sizes, then some that a loop cannot hide."""
    yield Case("one head", 1, 1)
    yield Case("one head", 1, 3)
    yield Case("the slopes of several heads", 2, 2)
    yield Case("on whole tensors", 64, 64 + int(rng.integers(4)))


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


def both_ways(heads: int, time: int) -> Any:
    """Punish the future by its distance alone."""
    slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
    places = torch.arange(time)
    return -slopes[:, None, None] * (places[:, None] - places).abs()


def future_zero(heads: int, time: int) -> Any:
    """Put 0 for the future."""
    return by_relative_places(heads, time).tril()


def by_relative_places(heads: int, time: int) -> Any:
    """Add a mask of −∞ above the diagonal."""
    places = torch.arange(time, dtype=torch.float32)
    slopes = torch.exp2(torch.arange(1, heads + 1) * (-8 / heads)).view(-1, 1, 1)
    later = torch.full((time, time), -math.inf).triu(1)
    return slopes * (places - places[:, None]).tril() + later


def by_outer_product(heads: int, time: int) -> Any:
    """Work in NumPy, with an outer product of slopes and distances."""
    slopes = 2.0 ** (-8.0 * np.arange(1, heads + 1) / heads)
    distance = np.subtract.outer(np.arange(time), np.arange(time))
    bias = -np.multiply.outer(slopes, distance)
    return torch.from_numpy(np.where(distance < 0, -np.inf, bias))


EXERCISE = Exercise(
    name="alibi_bias",
    points=2,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.exercises.ch02_transformers.references:alibi_bias",
    cases=cases,
    returns=either(TENSOR, ARRAY),
    alternatives=(by_relative_places, by_outer_product),
    probe=call_counting_steps,
    compare=in_few_steps(close(relative=1e-5), LINES),
    alike=looping_alike(close(relative=1e-5), LINES),
    mistakes=(
        Mistake("loops", loops,
                "The numbers are right, but each is computed by a step of Python of its own (a "
                "comprehension is a loop too). Let two small tensors broadcast: "
                "slopes[:, None, None] and the distances."),
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
        Mistake("a penalty both ways", both_ways,
                "Keys after the query are punished by their distance and still seen. They may not "
                "be seen at all: −inf."),
        Mistake("0 for the future", future_zero,
                "The bias is *added* to the scores: 0 leaves a key as it is, and the future would "
                "be the best to see. Put −inf there."),
    ),
    hints=(
        "Which part of the formula depends on the head only, and which on the pair only?",
        "places[:, None] - places gives all distances at once. How many axes must the slopes get "
        "to stand against (time, time)?",
        "bias = -slopes[:, None, None] * distance, and masked_fill(distance < 0, -math.inf).",
    ),
)  # fmt: skip
