"""What wrong values look like beside the right ones: negated, transposed, shifted, overflowed …

A pattern is told only where it holds for *every* wrong case, and where it says something: a zero is
its own negative, a symmetric matrix its own transpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.exercises.difference import tolerant
from course_lib.exercises.recognition import Judged
from course_lib.exercises.verdict import Belief

Pair = tuple[np.ndarray, np.ndarray]
LEAST_NUMBERS = 2
"""How many numbers must fit before a pattern of numbers is believed."""
MISSING = Belief(
    "not a number",
    "There are nan or inf values in it: look for 0/0, inf − inf, the log of 0 or of a negative "
    "number, or an exp that is too large.",
)


def pattern(judged: Judged) -> Belief | None:
    """Return the pattern that all wrong values follow, or ``None``."""
    places = judged.wrong
    if judged.exercise.challenge or any(judged.got[place].error for place in places):
        return None
    values = [(judged.got[place].value, judged.expected[place].value) for place in places]
    same = tolerant(judged.exercise.compare)
    for test, belief in SEQUENCES:
        if all(test(got, expected, lambda a, b: same(a, b) is None) for got, expected in values):
            return belief
    pairs = [pair for got, expected in values if (pair := _numbers(got, expected)) is not None]
    if len(pairs) < len(values):
        return None
    return next((found for told in NUMBERS if (found := told(pairs))), None)


def _numbers(got: Any, expected: Any) -> Pair | None:
    """Return both values as arrays of numbers, or ``None`` where they are none."""
    try:
        first, second = np.asarray(got), np.asarray(expected)
    except (ValueError, OverflowError, TypeError):
        return None
    if first.dtype.kind not in "biuf" or second.dtype.kind not in "biuf" or not second.size:
        return None
    return first, second


Same = Callable[[Any, Any], bool]


def _listed(value: Any) -> list[Any] | None:
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim else None
    return list(value) if isinstance(value, list | tuple) else None


def _reversed(got: Any, expected: Any, same: Same) -> bool:
    first = _listed(got)
    if first is None or _listed(expected) is None or len(first) < 2:
        return False
    return same(_as(got, first[::-1]), expected)


def _reordered(got: Any, expected: Any, same: Same) -> bool:
    first, second = _listed(got), _listed(expected)
    if first is None or second is None or len(first) != len(second) or len(first) < 2:
        return False
    ours, theirs = (sorted(items, key=lambda item: repr(item)) for items in (first, second))
    return same(_as(got, ours), _as(expected, theirs))


def _shifted(by: int) -> Callable[[Any, Any, Same], bool]:
    def test(got: Any, expected: Any, same: Same) -> bool:
        first, second = _listed(got), _listed(expected)
        if first is None or second is None or min(len(first), len(second)) < 2:
            return False
        if by < 0 and len(first) == len(second) - 1:
            return same(_as(got, first), _as(expected, second[1:]))
        ours, theirs = (first[1:], second[:-1]) if by > 0 else (first[:-1], second[1:])
        least = min(len(ours), len(theirs))
        ours, theirs = ours[:least], theirs[:least]
        varied = len({repr(item) for item in theirs}) > 1
        return least > 1 and varied and same(_as(got, ours), _as(expected, theirs))

    return test


def _first_only(got: Any, expected: Any, same: Same) -> bool:
    """Whether only the first item of several is right, or it came back alone."""
    first, second = _listed(got), _listed(expected)
    if second is None or len(second) < 2:
        return False
    if same(got, second[0]):
        return True
    if first is not None and len(first) == len(second):
        rest = [same(one, other) for one, other in zip(first[1:], second[1:], strict=True)]
        return same(first[0], second[0]) and not any(rest) and len(rest) > 1
    return first is not None and len(first) == 1 and same(first[0], second[0])


def _as(model: Any, items: list[Any]) -> Any:
    return np.asarray(items) if isinstance(model, np.ndarray) else items


SEQUENCES: tuple[tuple[Callable[[Any, Any, Same], bool], Belief], ...] = (
    (_first_only, Belief("only the first", "Only the first item is right. Does a return, or an "
                         "index 0, stand where all items should be worked on?")),
    (_reversed, Belief("back to front", "These are the right items, in reverse order.")),
    (_shifted(+1), Belief("off by one", "Everything stands one place too late: an item too many "
                          "at the start, or a range that begins one too early.")),
    (_shifted(-1), Belief("off by one", "Everything stands one place too early: the first item is "
                          "missing, or a range begins one too late.")),
    (_reordered, Belief("another order", "These are the right items, in another order. Which order "
                        "does the text ask for?")),
)  # fmt: skip


def _close(first: Any, second: Any) -> bool:
    return bool(np.allclose(first, second, rtol=1e-4, atol=1e-8))


def _transposed(pairs: list[Pair]) -> Belief | None:
    for got, expected in pairs:
        if got.ndim != expected.ndim or got.ndim < 2:
            return None
        turned = np.swapaxes(got, -1, -2)
        if turned.shape != expected.shape:
            return None
        if not _close(turned, expected):
            if got.shape != expected.shape:
                return Belief("axes the other way round", "The axes are the other way round: rows "
                              "came where columns were expected.")  # fmt: skip
            return None
    return Belief("transposed", "The right numbers, with rows and columns exchanged. Which axis "
                  "comes first?")  # fmt: skip


def _missing(pairs: list[Pair]) -> Belief | None:
    odd = any(
        got.dtype.kind == "f" and not np.isfinite(got).all() and np.isfinite(expected).all()
        for got, expected in pairs
    )
    return MISSING if odd else None


def _negated(pairs: list[Pair]) -> Belief | None:
    told = all(got.shape == e.shape and _close(-got.astype(float), e) for got, e in pairs)
    if not (told and any(np.any(e != 0) for _, e in pairs)):
        return None
    return Belief("the sign", "The right numbers with the wrong sign: which one is subtracted from "
                  "which?")  # fmt: skip


def _overflowed(pairs: list[Pair]) -> Belief | None:
    for bits in (8, 16, 32):
        limit = 2**bits
        if all(_wraps(got, expected, limit) for got, expected in pairs):
            return Belief("overflow", f"The numbers are right but for multiples of {limit}: an "
                          f"integer of {bits} bits ran over. Convert to a larger type, or to "
                          "float, before you calculate.")  # fmt: skip
    return None


def _wraps(got: np.ndarray, expected: np.ndarray, limit: int) -> bool:
    if got.shape != expected.shape or got.dtype.kind == "b" or expected.dtype.kind == "b":
        return False
    gap = got.astype(float) - expected.astype(float)
    if not np.isfinite(gap).all():
        return False
    return bool(np.any(gap) and np.all(np.mod(gap, limit) == 0))


def _cut_down(pairs: list[Pair]) -> Belief | None:
    """Tell integer division, or int(…) on the way."""
    for cut in (np.floor, np.trunc, np.round):
        if all(g.shape == e.shape and np.array_equal(g, cut(e)) for g, e in pairs):
            return Belief("whole numbers only", "The numbers are right but for their fractions: "
                          "// or int(…), or an integer array, cuts them off.")  # fmt: skip
    return None


def _by_a_factor(pairs: list[Pair]) -> Belief | None:
    if any(got.shape != expected.shape for got, expected in pairs):
        return None
    got, expected = (np.concatenate([p[i].ravel().astype(float) for p in pairs]) for i in (0, 1))
    used = expected != 0
    if used.sum() < LEAST_NUMBERS or not np.isfinite(got).all() or not np.isfinite(expected).all():
        return None
    if len(np.unique(expected[used])) < LEAST_NUMBERS:
        return None
    factor = float(got[used][0] / expected[used][0])
    if factor == 0 or _close(factor, 1.0) or not _close(got, factor * expected):
        return None
    return Belief("a constant factor", f"Every number is {factor:.4g} times the right one. Which "
                  "division or multiplication is missing, or done twice?")  # fmt: skip


def _one_off(pairs: list[Pair]) -> Belief | None:
    gaps = [got.astype(float) - e.astype(float) for got, e in pairs if got.shape == e.shape]
    if len(gaps) < len(pairs) or sum(gap.size for gap in gaps) < LEAST_NUMBERS:
        return None
    if not all(e.dtype.kind in "iu" or np.all(e == np.round(e)) for _, e in pairs):
        return None
    for step, word in ((1, "too large"), (-1, "too small")):
        if all(np.all(gap == step) for gap in gaps):
            return Belief("off by one", f"Every number is {word} by one.")
    return None


NUMBERS = (_missing, _transposed, _negated, _overflowed, _cut_down, _one_off, _by_a_factor)
