"""Exercise: the slope of Zipf's law, from counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Integer

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import PYTHON_NUMBER

Counts = Integer[np.ndarray, " word"]


def zipf_slope(counts: Counts) -> float:
    """Return the slope of the straight line through (log rank, log count), least squares."""
    return _slope(*_ranked(counts[counts > 0]))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield counts by hand, then ones drawn from Zipf's law."""
    yield Case("a perfect law", np.array([60, 30, 20, 15, 12]))  # 60 / rank: slope −1
    yield Case("another slope", np.array([3600, 900, 400, 225]))  # 3600 / rank²: slope −2
    yield Case("counts in any order", np.array([15, 60, 12, 20, 30]))
    yield Case("equal counts", np.array([8, 4, 4, 4, 1, 1]))
    yield Case("words that never occur", np.array([0, 9, 0, 3, 1, 0]))
    drawn = np.bincount(rng.zipf(1.8, 400).clip(max=40))
    yield Case("counts drawn at random", rng.permutation(drawn))


def _ranked(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    falling = np.sort(counts)[::-1]
    return np.arange(1, len(falling) + 1), falling


def _slope(ranks: np.ndarray, counts: np.ndarray) -> float:
    return float(np.polyfit(np.log(ranks), np.log(counts), 1)[0])


def as_they_came(counts: Counts) -> float:
    """Rank the counts in the order given."""
    positive = counts[counts > 0]
    return _slope(np.arange(1, len(positive) + 1), positive)


def without_logarithms(counts: Counts) -> float:
    """Fit a line to ranks and counts themselves."""
    return float(np.polyfit(*_ranked(counts[counts > 0]), 1)[0])


def one_logarithm(counts: Counts) -> float:
    """Take the logarithm of the counts only."""
    ranks, falling = _ranked(counts[counts > 0])
    return float(np.polyfit(ranks, np.log(falling), 1)[0])


def axes_swapped(counts: Counts) -> float:
    """Fit the rank against the count."""
    ranks, falling = _ranked(counts[counts > 0])
    return _slope(falling, ranks)


def without_its_sign(counts: Counts) -> float:
    """Hand back how steep it is, without the sign."""
    return abs(zipf_slope(counts))


def nought_is_one(counts: Counts) -> float:
    """Raise counts of 0 to 1."""
    return _slope(*_ranked(np.maximum(counts, 1)))


def equal_counts_once(counts: Counts) -> float:
    """Give equal counts one rank."""
    return zipf_slope(np.unique(counts))


def equal_counts_share_a_rank(counts: Counts) -> float:
    """Give equal counts the rank of the first of them, as in a race."""
    falling = np.sort(counts[counts > 0])[::-1]
    ranks = 1 + np.array([(falling > count).sum() for count in falling])
    return _slope(ranks, falling)


def one_added_to_counts(counts: Counts) -> float:
    """Use log1p so that a count of 0 does no harm."""
    ranks, falling = _ranked(counts)
    return float(np.polyfit(np.log(ranks), np.log1p(falling), 1)[0])


def one_added_to_positive_counts(counts: Counts) -> float:
    """Use log1p though the zeros are gone."""
    ranks, falling = _ranked(counts[counts > 0])
    return float(np.polyfit(np.log(ranks), np.log1p(falling), 1)[0])


def ranks_from_nought(counts: Counts) -> float:
    """Count ranks from 0, and add 1 in the logarithm of both."""
    ranks, falling = _ranked(counts[counts > 0])
    return float(np.polyfit(np.log1p(ranks), np.log(falling), 1)[0])


def first_to_last(counts: Counts) -> float:
    """Draw the line through the first and the last point only."""
    ranks, falling = _ranked(counts[counts > 0])
    return float(np.log(falling[-1] / falling[0]) / np.log(ranks[-1] / ranks[0]))


def by_covariance(counts: Counts) -> float:
    """Divide the covariance by the variance of x."""
    ranks, falling = _ranked(counts[counts > 0])
    x, y = np.log(ranks), np.log(falling)
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def by_matrix(counts: Counts) -> Any:
    """Solve the equations of least squares, with logarithms to the base of 10."""
    falling = sorted((int(count) for count in counts if count > 0), reverse=True)
    x = np.column_stack([np.log10(np.arange(1, len(falling) + 1)), np.ones(len(falling))])
    return np.linalg.lstsq(x, np.log10(falling), rcond=None)[0][0]


def by_scipy(counts: Counts) -> float:
    """Leave the line to SciPy."""
    from scipy.stats import linregress

    ranks, falling = _ranked(counts[counts > 0])
    return float(linregress(np.log(ranks), np.log(falling)).slope)


EXERCISE = Exercise(
    name="zipf_slope",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch01_preprocessing.zipf_slope:zipf_slope",
    withhold=("course_lib.plotting.frequency_curve",),
    cases=cases,
    compare=close(relative=1e-6, absolute=1e-9),
    returns=PYTHON_NUMBER,
    alternatives=(by_covariance, by_matrix, by_scipy),
    not_by=("course_lib.plotting.frequency_curve:fit_power_law",),
    mistakes=(
        Mistake(
            "ranks in the order given", as_they_came,
            "Rank 1 belongs to the most frequent word. Sort the counts downwards before you rank.",
        ),
        Mistake(
            "no logarithms", without_logarithms,
            "count = c / rank is a curve; only log count = log c − log rank is a straight line. "
            "Take the logarithm of both.",
        ),
        Mistake(
            "one logarithm", one_logarithm,
            "A line through (rank, log count) is an exponential law. Zipf's is a power law: both "
            "axes are logarithmic.",
        ),
        Mistake(
            "axes swapped", axes_swapped,
            "The slope is of log count against log rank: the rank is x, and np.polyfit wants x "
            "first.",
        ),
        Mistake(
            "its sign lost", without_its_sign,
            "Counts fall as the rank grows, so the slope is negative: hand it back as it is.",
        ),
        Mistake(
            "a count of 0 taken for 1", nought_is_one,
            "A word that never occurs has no place on a logarithmic axis, and raising it to 1 "
            "makes the tail longer than it is. Leave it out.",
        ),
        Mistake(
            "equal counts once", equal_counts_once,
            "np.unique keeps one of several equal counts. Each word has a rank of its own.",
        ),
        Mistake(
            "equal counts share a rank", equal_counts_share_a_rank,
            "Words of equal count got one rank between them. Here the next word has the next rank, "
            "equal or not: np.arange(1, len(falling) + 1).",
        ),
        Mistake(
            "log1p for the zeros", one_added_to_counts,
            "log1p gives a word that never occurs the place log 1 = 0 and a rank. It has no place "
            "in the law: leave it out, and take np.log of the others.",
        ),
        Mistake(
            "log1p of the counts", one_added_to_positive_counts,
            "log1p is log(count + 1): of a count of 1 that is log 2, not 0, so rare words stand "
            "too high. The zeros are gone: np.log will do.",
        ),
        Mistake(
            "one added to the ranks", ranks_from_nought,
            "The logarithm was taken of rank + 1. The first rank is 1 and its logarithm 0: "
            "np.log(ranks), ranks from 1 on.",
        ),
        Mistake(
            "first to last point", first_to_last,
            "That is the line through the first and the last point alone. Least squares uses all "
            "points: np.polyfit(x, y, 1).",
        ),
    ),
    hints=(
        "Which word has rank 1, and what does the logarithm of a count of 0 do?",
        "Sort the positive counts downwards; the ranks are then 1, 2, 3, … What has to happen to "
        "both before a straight line fits?",
        "np.polyfit(np.log(ranks), np.log(falling), 1) gives the slope first, then the intercept.",
    ),
)  # fmt: skip
