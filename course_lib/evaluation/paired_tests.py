"""Are two models different on the same examples? Tests that use that the examples are the same.

The examples that both models get right, or both get wrong, say nothing of which is better. What
speaks are those on which they disagree.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite

EXACT = 12  # up to so many differences, all sign patterns are tried
CELLS = 1 << 22


class PairedTest(NamedTuple):
    """What was seen, and how probable the like or more is where there is no difference."""

    statistic: float
    p_value: float


def mcnemar(first_right: Any, second_right: Any) -> PairedTest:
    """Return McNemar's exact test of two models' right answers on the same examples.

    Without a difference, an example on which they disagree falls to either side like a coin; the
    statistic is how many fall to the first. From: McNemar, *Note on the sampling error of the
    difference between correlated proportions or percentages*, 1947. Raises ``ShapeError`` for
    unequal lengths, ``InputError`` for none or for values other than right and wrong.

    >>> both, first, second = [True] * 80, [True] * 9 + [False], [False] * 9 + [True]
    >>> mcnemar(both + first, both + second)
    PairedTest(statistic=9.0, p_value=0.021484375)
    """
    one, other = _pair(first_right, second_right)
    if not (np.isin(one, (0, 1)).all() and np.isin(other, (0, 1)).all()):
        raise InputError("the answers", expected="right (1) or wrong (0)", got="other values")
    for_first, for_second = int((one > other).sum()), int((one < other).sum())
    return PairedTest(float(for_first), coin_tails(for_first, for_first + for_second))


def coin_tails(heads: int, throws: int) -> float:
    """Return how probable it is that a fair coin falls at least as unevenly, to either side.

    >>> coin_tails(5, 5), coin_tails(1, 2)
    (0.0625, 1.0)
    """
    from scipy.stats import binom

    return float(min(1.0, 2 * binom.cdf(min(heads, throws - heads), throws, 0.5)))


def permutation_test(
    first: Any, second: Any, *, generator: np.random.Generator, rounds: int = 10_000
) -> PairedTest:
    """Return the paired permutation test of the mean difference of two models' example scores.

    Without a difference, each example's two scores could as well be exchanged: the p-value is the
    share of exchanges whose mean difference is as far from 0 as the one that was seen. Up to 12
    examples that differ, all exchanges are tried; beyond, ``rounds`` random ones and the observed
    one itself, so that p is never 0 (Phipson and Smyth, *Permutation p-values should never be
    zero*, 2010). Raises as ``mcnemar``.

    >>> permutation_test([3.0, 2.0, 4.0], [1.0, 1.0, 1.0], generator=np.random.default_rng(0))
    PairedTest(statistic=2.0, p_value=0.25)
    """
    one, other = _pair(first, second)
    if rounds < 1:
        raise InputError("the rounds", expected="at least 1", got=rounds)
    differences = one - other
    seen = float(differences.mean())
    moving = differences[differences != 0]
    if not len(moving):
        return PairedTest(0.0, 1.0)
    limit = abs(moving.sum()) * (1 - 1e-12)
    if len(moving) <= EXACT:
        patterns = (np.arange(2 ** len(moving))[:, None] >> np.arange(len(moving))) & 1
        signs = 1.0 - 2.0 * patterns
        return PairedTest(seen, float(np.mean(np.abs(signs @ moving) >= limit)))
    extreme, step = 0, max(CELLS // len(moving), 1)
    for start in range(0, rounds, step):
        size = (min(step, rounds - start), len(moving))
        signs = 1.0 - 2.0 * generator.integers(2, size=size, dtype=np.int8)
        extreme += int((np.abs(signs @ moving) >= limit).sum())
    return PairedTest(seen, (extreme + 1) / (rounds + 1))


def _pair(first: Any, second: Any) -> tuple[np.ndarray, np.ndarray]:
    one, other = (
        finite(as_array(scores), "the scores").astype(float) for scores in (first, second)
    )
    if one.ndim != 1 or one.shape != other.shape:
        raise ShapeError(
            "the second model's scores", expected=f"{one.shape}, the same examples", got=other.shape
        )
    if not len(one):
        raise InputError("the scores", expected="at least one example", got="none")
    return one, other
