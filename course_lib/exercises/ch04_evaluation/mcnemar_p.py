"""Exercise: McNemar's exact test of two models on the same examples."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, erfc, sqrt
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def mcnemar_p(first_right: Any, second_right: Any) -> float:
    """Return how probable so uneven a disagreement is, to either side, by a fair coin."""
    first = int((first_right & ~second_right).sum())
    second = int((~first_right & second_right).sum())
    return _both_tails(min(first, second), first + second)


def _tail(heads: int, throws: int) -> float:
    return float(sum(comb(throws, k) for k in range(heads + 1)) / 2**throws)


def _both_tails(fewer: int, throws: int) -> float:
    return min(1.0, 2 * _tail(fewer, throws))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four disagreements first; then none, as many on both sides, and more and more."""
    yield Case("by hand", *_answers(2, 1, 1, 3))
    yield Case("no disagreement", *_answers(4, 2, 0, 0))
    yield Case("as often the one as the other", *_answers(1, 1, 2, 2))
    yield Case("the second is better", *_answers(5, 0, 1, 7))
    yield Case("the first is better", *_answers(2, 6, 8, 2))
    yield Case("sixty-four disagreements", *_answers(3, 2, 5, 59))
    yield Case("thousands of disagreements", *_answers(9, 4, 1450, 1550))
    counts = int(rng.integers(20, 40)), int(rng.integers(5, 9)), int(rng.integers(10, 16))
    first, second = _answers(*counts, int(rng.integers(1, 6)))
    order = rng.permutation(len(first))
    yield Case("many examples", first[order], second[order])


def _answers(both: int, neither: int, first: int, second: int) -> tuple[Any, Any]:
    sizes = [both, neither, first, second]
    right = [True, False, True, False], [True, False, False, True]
    return np.repeat(right[0], sizes), np.repeat(right[1], sizes)


def by_the_binomial(first_right: Any, second_right: Any) -> Any:
    """Be right with SciPy's binomial distribution."""
    from scipy.stats import binom

    wins, losses = (first_right > second_right).sum(), (first_right < second_right).sum()
    return np.minimum(1.0, 2 * binom.cdf(min(wins, losses), wins + losses, 0.5))


def by_growing_terms(first_right: Any, second_right: Any) -> float:
    """Be right with a loop over the pairs, and each term made from the one before."""
    wins = sum(bool(a) and not b for a, b in zip(first_right, second_right, strict=True))
    throws = sum(bool(a) != bool(b) for a, b in zip(first_right, second_right, strict=True))
    term = total = 1
    for heads in range(min(wins, throws - wins)):
        term = term * (throws - heads) // (heads + 1)
        total += term
    return min(1.0, total / 2 ** (throws - 1)) if throws else 1.0


def _apart(first_right: Any, second_right: Any) -> tuple[int, int]:
    return int((first_right & ~second_right).sum()), int((~first_right & second_right).sum())


def one_side(first_right: Any, second_right: Any) -> float:
    """Look at one side only."""
    first, second = _apart(first_right, second_right)
    return _tail(min(first, second), first + second)


def beyond_one(first_right: Any, second_right: Any) -> float:
    """Double the tail, beyond 1."""
    from math import comb

    first = int((first_right & ~second_right).sum())
    throws = first + int((~first_right & second_right).sum())
    return float(
        2 * sum(comb(throws, k) for k in range(min(first, throws - first) + 1)) / 2**throws
    )


def chi_square(first_right: Any, second_right: Any) -> float:
    """Take the chi-square approximation."""
    first, second = _apart(first_right, second_right)
    if first + second == 0:
        return 1.0
    return erfc(sqrt((first - second) ** 2 / (first + second) / 2))


def unpaired(first_right: Any, second_right: Any) -> float:
    """Compare two shares as if the examples were others."""
    one, other = first_right.mean(), second_right.mean()
    mean = (one + other) / 2
    spread = sqrt(mean * (1 - mean) * 2 / len(first_right))
    return erfc(abs(one - other) / spread / sqrt(2)) if spread else 1.0


def agreements_too(first_right: Any, second_right: Any) -> float:
    """Throw the coin for all examples."""
    first, second = _apart(first_right, second_right)
    return _both_tails(min(first, second), len(first_right))


def exactly_so(first_right: Any, second_right: Any) -> float:
    """Take the probability of just this count."""
    first, second = _apart(first_right, second_right)
    return float(min(1.0, 2 * comb(first + second, first) / 2 ** (first + second)))


def more_extreme_only(first_right: Any, second_right: Any) -> float:
    """Leave the count itself out."""
    first, second = _apart(first_right, second_right)
    return _both_tails(min(first, second) - 1, first + second)


def in_numpy_integers(first_right: Any, second_right: Any) -> float:
    """Leave the counts as NumPy's integers, whose powers run over."""
    first = (first_right & ~second_right).sum()
    throws = first + (~first_right & second_right).sum()
    with np.errstate(all="ignore"):
        tail = sum(comb(throws, k) for k in range(min(first, throws - first) + 1)) / 2**throws
    return float(min(1.0, 2 * tail))


def in_floats(first_right: Any, second_right: Any) -> float:
    """Multiply each count of ways by a half to the n-th, in floats."""
    first, second = _apart(first_right, second_right)
    tail = sum(comb(first + second, k) * 0.5 ** (first + second) for k in range(
        min(first, second) + 1))  # fmt: skip
    return min(1.0, 2 * tail)


EXERCISE = Exercise(
    name="mcnemar_p",
    points=2,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch04_evaluation.mcnemar_p:mcnemar_p",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(by_the_binomial, by_growing_terms),
    not_by=(
        "course_lib.evaluation:mcnemar",
        "scipy.stats:binomtest",
        "statsmodels.stats.contingency_tables:mcnemar",
    ),
    mistakes=(
        Mistake("one side only", one_side,
                "You asked how probable it is that *this* model falls so far behind. Before you "
                "looked, it could have been either: double the tail."),
        Mistake("a probability above 1", beyond_one,
                "Twice the tail passes 1 where both sides are equal, because the middle is in "
                "both tails. Cut it at 1."),
        Mistake("chi-square for the exact test", chi_square,
                "That is the approximation by chi-square, for many disagreements. With few, count "
                "the coin's falls exactly: comb(n, k) / 2**n."),
        Mistake("unpaired", unpaired,
                "You compared two accuracies as if each model had its own examples. Most "
                "examples are equally hard for both: look at the disagreements alone."),
        Mistake("agreements counted too", agreements_too,
                "The coin is thrown for every example. Where both are right, or both wrong, "
                "nothing is said: throw it for the disagreements only."),
        Mistake("just this count", exactly_so,
                "You took the probability of exactly this count. What is asked is this or one "
                "more extreme: add up all counts from 0."),
        Mistake("the count itself left out", more_extreme_only,
                "range(k) ends before k: the count that was seen is missing from the tail. At "
                "least so unevenly includes it: range(k + 1)."),
        Mistake("NumPy's integers run over", in_numpy_integers,
                "(…).sum() is a NumPy integer of 64 bits, and 2**64 runs over to 0. Python's own "
                "integers have no end: int(…) of the counts first."),
        Mistake("floats run over", in_floats,
                "With thousands of disagreements comb(n, k) is larger than any float. Add up whole "
                "numbers, and divide once by 2**n, both Python integers."),
    ),
    hints=(
        "On which examples would you look if you wanted to know which model is better?",
        "Count the examples that only the first gets right, and only the second. If they were "
        "equally good, each would be a throw of a fair coin.",
        "With n = first + second and k = min(first, second): min(1, 2 * sum(comb(n, i) for i in "
        "range(k + 1)) / 2**n).",
    ),
)  # fmt: skip
