"""Cross-validation: every example is tested once, by a model that has not seen it.

The k scores share most of their training data, so that they are not independent: their spread is
no standard error (Bengio and Grandvalet, *No unbiased estimator of the variance of k-fold
cross-validation*, 2004). And a score that *chose* something is no longer a test: choose in inner
folds, and measure in outer ones, which is what **nested** means.

>>> [fold.test.tolist() for fold in time_folds([5, 1, 4, 2, 3, 0], 2)]
[[3, 4], [2, 0]]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Int

from course_lib.errors import InputError
from course_lib.evaluation.checking import one_axis


@dataclass(frozen=True, eq=False)
class Fold:
    """Indices to train on, and those to test on."""

    train: Int[np.ndarray, " train"]
    test: Int[np.ndarray, " test"]


def k_folds(
    count: int,
    k: int = 5,
    *,
    generator: np.random.Generator,
    labels: Any = None,
    groups: Any = None,
) -> list[Fold]:
    """Return ``k`` folds; with ``labels`` stratified, with ``groups`` no group on both sides.

    Stratified folds hold each class in equal numbers, to within one. Raises ``InputError`` for
    fewer than two folds, more folds than examples or groups, a class too small, or both at once.

    >>> folds = k_folds(10, 5, generator=np.random.default_rng(0))
    >>> sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(10))
    True
    """
    if labels is not None and groups is not None:
        raise InputError("the folds", expected="labels or groups", got="both")
    if not 2 <= k <= count:
        raise InputError("the number of folds", expected=f"from 2 to {count}, the examples", got=k)
    if groups is not None:
        fold_of = _grouped(_matching(groups, count, "the groups"), k, generator)
    elif labels is not None:
        fold_of = _stratified(_matching(labels, count, "the labels"), k, generator)
    else:
        fold_of = np.empty(count, int)
        fold_of[generator.permutation(count)] = np.arange(count) % k
    return [Fold(np.flatnonzero(fold_of != n), np.flatnonzero(fold_of == n)) for n in range(k)]


def time_folds(times: Any, k: int = 5) -> list[Fold]:
    """Return ``k`` folds whose test is always later than all of their training.

    The training grows from fold to fold. Raises ``InputError`` where ``k + 1`` parts are too many.
    """
    moments = one_axis(times, "the times")
    order = np.argsort(moments, kind="stable")
    borders = np.linspace(0, len(order), k + 2).round().astype(int)
    borders = np.searchsorted(moments[order], moments[order][borders[1:-1]])
    borders = np.r_[borders, len(order)]
    if k < 1 or borders[0] == 0 or (np.diff(borders) == 0).any():
        raise InputError("the folds", expected=f"at least {k + 1} moments", got=len(set(moments)))
    return [Fold(order[:start], order[start:end]) for start, end in pairwise(borders)]


def nested_folds(
    count: int,
    outer: int = 5,
    inner: int = 3,
    *,
    generator: np.random.Generator,
    labels: Any = None,
    groups: Any = None,
) -> Iterator[tuple[Fold, list[Fold]]]:
    """Yield each outer fold with the inner folds of its training part.

    Choose by the inner folds, measure on the outer test: no inner index is ever in it.

    >>> pairs = nested_folds(12, 3, 2, generator=np.random.default_rng(0))
    >>> all(not set(inner.test) & set(fold.test) for fold, folds in pairs for inner in folds)
    True
    """
    kinds = {"labels": labels, "groups": groups}
    for fold in k_folds(count, outer, generator=generator, **kinds):
        there = {
            name: None if values is None else np.asarray(values)[fold.train]
            for name, values in kinds.items()
        }
        folds = k_folds(len(fold.train), inner, generator=generator, **there)
        yield fold, [Fold(fold.train[one.train], fold.train[one.test]) for one in folds]


def _matching(values: Any, count: int, subject: str) -> np.ndarray:
    array = one_axis(values, subject)
    if len(array) != count:
        raise InputError(subject, expected=f"{count}, one for each example", got=len(array))
    return array


def _stratified(labels: np.ndarray, k: int, generator: np.random.Generator) -> np.ndarray:
    fold_of, first = np.empty(len(labels), int), 0
    for name in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == name))
        if len(members) < k:
            raise InputError(
                f"the class {name!r}",
                expected=f"at least {k} examples",
                got=len(members),
                remedy="fewer folds, or join rare classes",
            )
        # each class goes on where the last one ended, so that folds are of equal size too
        fold_of[members] = (first + np.arange(len(members))) % k
        first += len(members)
    return fold_of


def _grouped(groups: np.ndarray, k: int, generator: np.random.Generator) -> np.ndarray:
    names, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < k:
        raise InputError("the groups", expected=f"at least {k}, one a fold", got=len(names))
    order = generator.permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    sizes, fold_of = np.zeros(k, int), np.empty(len(names), int)
    for group in order:
        fold_of[group] = sizes.argmin()
        sizes[fold_of[group]] += counts[group]
    return fold_of[place]
