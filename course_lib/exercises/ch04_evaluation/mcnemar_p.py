"""Exercise: McNemar's exact test of two models on the same examples."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, erfc, sqrt
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close


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
    """Yield three disagreements first; then none, an even number, the other side, and more."""
    yield Case("by hand", *_answers(2, 1, 1, 3))
    yield Case("no disagreement", *_answers(4, 2, 0, 0))
    yield Case("as often the one as the other", *_answers(1, 1, 2, 2))
    yield Case("the second is better", *_answers(5, 0, 1, 7))
    yield Case("the first is better", *_answers(2, 6, 8, 2))
    counts = int(rng.integers(20, 40)), int(rng.integers(5, 9)), int(rng.integers(10, 16))
    first, second = _answers(*counts, int(rng.integers(1, 6)))
    order = rng.permutation(len(first))
    yield Case("many examples", first[order], second[order])


def _answers(both: int, neither: int, first: int, second: int) -> tuple[Any, Any]:
    sizes = [both, neither, first, second]
    right = [True, False, True, False], [True, False, False, True]
    return np.repeat(right[0], sizes), np.repeat(right[1], sizes)


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


EXERCISE = Exercise(
    name="mcnemar_p",
    points=2,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch04_evaluation.mcnemar_p:mcnemar_p",
    cases=cases,
    compare=close(),
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
    ),
    hints=(
        "On which examples would you look if you wanted to know which model is better?",
        "Count the examples that only the first gets right, and only the second. If they were "
        "equally good, each would be a throw of a fair coin.",
        "With n = first + second and k = min(first, second): min(1, 2 * sum(comb(n, i) for i in "
        "range(k + 1)) / 2**n).",
    ),
)  # fmt: skip
