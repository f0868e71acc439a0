"""How many test examples are needed to see a difference, before they are gathered.

A *power* of 0.8 means: if the difference is as large as assumed, 8 of 10 such tests find it.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from course_lib.errors import InputError


def examples_for_difference(
    first: float, second: float, *, level: float = 0.05, power: float = 0.8
) -> int:
    """Return how many examples *each* of two models needs on test sets of its own.

    ``first`` and ``second`` are the accuracies assumed. The usual normal approximation (Fleiss,
    *Statistical methods for rates and proportions*, 1981). Raises ``InputError`` for equal ones.

    >>> examples_for_difference(0.90, 0.92)
    3213
    """
    _check(level, power, first, second)
    z_level, z_power = _quantiles(level, power)
    mean = (first + second) / 2
    spread = z_level * math.sqrt(2 * mean * (1 - mean))
    spread += z_power * math.sqrt(first * (1 - first) + second * (1 - second))
    return math.ceil((spread / (first - second)) ** 2)


def examples_for_paired_difference(
    first_only: float, second_only: float, *, level: float = 0.05, power: float = 0.8
) -> int:
    """Return how many examples two models need on the *same* test set: far fewer.

    ``first_only`` is the share that only the first gets right, ``second_only`` that only the second
    does; their difference is that of the accuracies. Normal approximation of McNemar's test
    (Connor, *Sample size for testing differences in proportions for the paired-sample design*,
    1987). Raises ``InputError`` for equal shares or a sum above 1.

    >>> examples_for_paired_difference(0.04, 0.02)
    1175
    """
    _check(level, power, first_only, second_only)
    apart, difference = first_only + second_only, first_only - second_only
    if apart > 1:
        raise InputError("the shares of disagreement", expected="a sum up to 1", got=apart)
    z_level, z_power = _quantiles(level, power)
    spread = z_level * math.sqrt(apart) + z_power * math.sqrt(apart - difference**2)
    return math.ceil((spread / difference) ** 2)


def _quantiles(level: float, power: float) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1 - level / 2), normal.inv_cdf(power)


def _check(level: float, power: float, first: float, second: float) -> None:
    if not (0 < level < 1 and 0 < power < 1):
        raise InputError("level and power", expected="between 0 and 1", got=(level, power))
    if not (0 <= first <= 1 and 0 <= second <= 1) or first == second:
        raise InputError(
            "the shares", expected="two different ones from 0 to 1", got=(first, second)
        )
