"""Leaks: what the training knew of the test, so that the score is of memory and not of skill.

Two are found here: examples that stand, exactly or nearly, on both sides of a split, and a
transformer (a vocabulary, a scaler, idf weights) that was fitted before the split was made.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.errors import DataError, InputError
from course_lib.evaluation.minhashing import Duplicate, near_duplicates

SHOWN = 5


@dataclass(frozen=True)
class LeakReport:
    """Pairs (training example, test example) that are the same, or nearly."""

    exact: tuple[Duplicate, ...]
    near: tuple[Duplicate, ...]
    tested: int

    @property
    def leaked(self) -> tuple[int, ...]:
        """The places of the test examples that the training has seen, exactly or nearly."""
        return tuple(sorted({pair.second for pair in (*self.exact, *self.near)}))

    @property
    def share(self) -> float:
        """The share of the test that leaked."""
        return len(self.leaked) / self.tested

    def check(self) -> None:
        """Raise ``DataError`` where anything leaked."""
        if self.leaked:
            raise DataError(
                "the test set",
                expected="no example that the training has seen",
                got=f"{len(self.leaked)} of {self.tested}, such as {self.leaked[:SHOWN]}",
                remedy="take them out, or split by group",
            )


def find_leaks(
    train: Sequence[str], test: Sequence[str], threshold: float = 0.7, size: int = 5
) -> LeakReport:
    """Return the test texts that stand in ``train`` too: equal, or alike by ``threshold``.

    Alike as in ``near_duplicates``, by runs of ``size`` characters. Raises ``InputError`` for an
    empty side.

    >>> report = find_leaks(["one fine day in May", "two"], ["one fine day in may!", "3", "two"])
    >>> report.leaked, len(report.exact), round(report.share, 2)
    ((0, 2), 1, 0.67)
    """
    if not len(train) or not len(test):
        raise InputError(
            "the sides of the split", expected="texts on both", got=(len(train), len(test))
        )
    places: dict[str, int] = {}
    for place, text in enumerate(train):
        places.setdefault(text, place)
    exact = [Duplicate(places[text], j, 1.0) for j, text in enumerate(test) if text in places]
    same = {pair.second for pair in exact}
    near = [
        pair for pair in near_duplicates(train, test, threshold, size) if pair.second not in same
    ]
    return LeakReport(tuple(exact), tuple(near), len(test))


def same_arrays(train: Any, test: Any, decimals: int = 6) -> tuple[int, ...]:
    """Return the places of test examples (example, …) that stand in ``train`` as well.

    For images and features: equal after rounding to ``decimals``.

    >>> same_arrays(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[3.0, 4.0], [1.0, 0.0]]))
    (0,)
    """
    sides = [np.asarray(side, float).round(decimals) + 0.0 for side in (train, test)]
    seen = {row.tobytes() for row in sides[0]}
    return tuple(place for place, row in enumerate(sides[1]) if row.tobytes() in seen)


def fitted_on(transformer: Any, parts: Mapping[str, Any]) -> str | None:
    """Return the name of the part whose fit gives what this fitted ``transformer`` has learned.

    A copy is fitted to each part in turn, and its state compared: name the candidates, such as
    ``{"train": train, "train and test": everything}``. ``None`` where no part fits. For any object
    with ``fit``.

    >>> from sklearn.preprocessing import StandardScaler
    >>> train, test = np.array([[0.0], [2.0]]), np.array([[10.0]])
    >>> scaler = StandardScaler().fit(np.concatenate([train, test]))
    >>> fitted_on(scaler, {"train": train, "train and test": np.concatenate([train, test])})
    'train and test'
    """
    for name, part in parts.items():
        if _same(_state(_refitted(transformer, part)), _state(transformer)):
            return name
    return None


def check_fitted_on_train(transformer: Any, train: Any) -> None:
    """Raise ``DataError`` unless ``transformer`` is what fitting ``train`` alone gives."""
    if fitted_on(transformer, {"train": train}) is None:
        raise DataError(
            f"the {type(transformer).__name__}",
            expected="what it learns from the training part alone",
            got="something else",
            remedy="split first, then fit on the training part, then transform both",
        )


def _refitted(transformer: Any, part: Any) -> Any:
    fresh = copy.deepcopy(transformer)
    for name in _state(fresh):  # what has been learned must not help the new fit
        delattr(fresh, name)
    fresh.fit(part)
    return fresh


def _state(thing: Any) -> dict[str, Any]:
    """Return the learned attributes: by scikit-learn's custom they end in an underscore."""
    learned = {
        name: value
        for name, value in vars(thing).items()
        if name.endswith("_") and not name.startswith("__")
    }
    if not learned:
        expected = "a fitted one, with attributes that end in _"
        got = type(thing).__name__
        raise InputError("the transformer", expected=expected, got=got, remedy="fit it first")
    return learned


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    try:
        return bool(np.allclose(np.asarray(one, float), np.asarray(other, float), equal_nan=True))
    except (TypeError, ValueError):
        return bool(np.all(np.asarray(one == other)))
