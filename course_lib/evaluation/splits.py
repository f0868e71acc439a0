"""Splitting examples into train, validation and test, so that the test tells of new examples.

What *new* means decides the split: new examples of the same kind (at random, or **stratified**:
each class in its share), new authors or patients (**grouped**: nobody on two sides), or the future
(**by time**). A split that ignores it measures memory.

>>> split = random_split(10, generator=np.random.default_rng(0))
>>> len(split.train), len(split.validation), len(split.test)
(8, 1, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from course_lib.errors import InputError
from course_lib.evaluation.checking import one_axis

SHARES = (0.8, 0.1, 0.1)


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of the examples in each part, none in two."""

    train: Int[np.ndarray, " train"]
    validation: Int[np.ndarray, " validation"]
    test: Int[np.ndarray, " test"]

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """The parts by their names."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def random_split(
    count: int, shares: Sequence[float] = SHARES, *, generator: np.random.Generator
) -> Split:
    """Split ``count`` examples at random by ``shares`` of train, validation and test.

    Raises ``InputError`` for shares that do not sum to 1, or too few examples for a part.
    """
    sizes = _sizes(count, _checked(shares))
    _check_filled(sizes, shares)
    return _cut(generator.permutation(count), sizes)


def stratified_split(
    labels: Any, shares: Sequence[float] = SHARES, *, generator: np.random.Generator
) -> Split:
    """Split so that each class has its share in each part, to within one example.

    Raises ``InputError`` for a class too small to stand in every part.

    >>> split = stratified_split([0] * 90 + [1] * 10, generator=np.random.default_rng(0))
    >>> {name: int((part >= 90).sum()) for name, part in split.parts.items()}
    {'train': 8, 'validation': 1, 'test': 1}
    """
    wanted = _checked(shares)
    classes, place = np.unique(one_axis(labels, "the labels"), return_inverse=True)
    least = np.count_nonzero(wanted)
    parts: list[list[np.ndarray]] = [[], [], []]
    for number, name in enumerate(classes):
        members = generator.permutation(np.flatnonzero(place == number))
        if len(members) < least:
            raise InputError(
                f"the class {name!r}",
                expected=f"at least {least} examples",
                got=len(members),
                remedy="join rare classes, or leave them out",
            )
        sizes = _at_least_one(_sizes(len(members), wanted), wanted)
        for part, chosen in zip(parts, np.split(members, np.cumsum(sizes)[:-1]), strict=True):
            part.append(chosen)
    return Split(*(generator.permutation(np.concatenate(part)) for part in parts))


def grouped_split(
    groups: Any, shares: Sequence[float] = SHARES, *, generator: np.random.Generator
) -> Split:
    """Split so that all examples of a group are in one part; sizes come near to ``shares``.

    Groups, in random order and the large ones first, go to the part that lacks most. Raises
    ``InputError`` where there are fewer groups than parts.

    >>> split = grouped_split(list("aabbccdd"), (0.5, 0.25, 0.25),
    ...                       generator=np.random.default_rng(0))
    >>> [len(part) for part in split.parts.values()]
    [4, 2, 2]
    """
    wanted = _checked(shares)
    names, place, counts = np.unique(
        one_axis(groups, "the groups"), return_inverse=True, return_counts=True
    )
    if len(names) < np.count_nonzero(wanted):
        raise InputError(
            "the groups", expected=f"at least {np.count_nonzero(wanted)}", got=len(names)
        )
    order = generator.permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    lacking, part_of = wanted * len(place), np.empty(len(names), int)
    empty = wanted > 0
    for rank, group in enumerate(order):
        # the last groups go to whatever part still has none
        needed = len(order) - rank <= np.count_nonzero(empty)
        part = int(np.where(empty, lacking, -np.inf).argmax() if needed else lacking.argmax())
        part_of[group] = part
        lacking[part] -= counts[group]
        empty[part] = False
    parts = [np.flatnonzero(part_of[place] == part) for part in range(3)]
    return Split(*(generator.permutation(part) for part in parts))


def time_split(times: Any, shares: Sequence[float] = SHARES) -> Split:
    """Split so that all of validation is later than train, and all of test later than that.

    Examples of one moment stay together. Raises ``InputError`` where too few moments leave a part
    empty.

    >>> time_split([2021, 2019, 2020, 2018], (0.5, 0.25, 0.25)).train.tolist()
    [3, 1]
    """
    wanted = _checked(shares)
    moments = one_axis(times, "the times")
    order = np.argsort(moments, kind="stable")
    ordered = moments[order]
    cuts = np.cumsum(_sizes(len(order), wanted))[:-1]
    inner = cuts < len(order)
    cuts[inner] = np.searchsorted(ordered, ordered[cuts[inner]])
    sizes = np.diff(np.r_[0, cuts, len(order)])
    _check_filled(sizes, shares)
    return _cut(order, sizes)


def _checked(shares: Sequence[float]) -> np.ndarray:
    wanted = np.asarray(shares, float)
    if wanted.shape != (3,) or (wanted < 0).any() or abs(wanted.sum() - 1) > 1e-9:
        expected = "three, for train, validation and test, that sum to 1"
        raise InputError("the shares", expected=expected, got=tuple(shares))
    return wanted


def _sizes(count: int, wanted: np.ndarray) -> np.ndarray:
    """Return whole numbers nearest to the shares: the largest remainders get what is left."""
    exact = wanted * count
    sizes = np.floor(exact + 1e-9).astype(int)
    left = count - sizes.sum()
    sizes[np.argsort(sizes - exact, kind="stable")[:left]] += 1
    return sizes


def _at_least_one(sizes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    while (lacking := np.flatnonzero((sizes == 0) & (wanted > 0))).size:
        sizes[lacking[0]] += 1
        sizes[sizes.argmax()] -= 1
    return sizes


def _cut(order: np.ndarray, sizes: np.ndarray) -> Split:
    return Split(*np.split(order, np.cumsum(sizes)[:-1]))


def _check_filled(sizes: np.ndarray, shares: Sequence[float]) -> None:
    if any(share > 0 and not size for size, share in zip(sizes, shares, strict=True)):
        raise InputError(
            "the examples",
            expected="enough that no part is empty",
            got=f"parts of {sizes.tolist()}",
        )
