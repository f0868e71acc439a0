"""Batches without end, in an order that can be taken up again anywhere.

Each epoch has a permutation of its own, drawn from the seed and the epoch's number alone. So the
batch at any position is known without having read those before it: a run that was killed goes on
with the very next batch, and every process of a distributed run finds its own share.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Int, Integer
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from course_lib.errors import InputError
from course_lib.training.next_token import shifted


@dataclass(frozen=True)
class Batches:
    """Shuffled batches of a dataset with a length: ``size`` items each, on every process.

    ``world`` processes share each epoch evenly; ``rank`` is this one's number. What is left over at
    the end of an epoch is left out (other items in each epoch). ``workers`` processes read ahead
    without changing the order. Raises ``InputError`` when one batch is more than the dataset holds.

    >>> batches = Batches(list(range(10)), size=4, seed=1)
    >>> len(batches)  # an epoch has two
    2
    >>> first_epoch = [next(batches.starting_at(position)) for position in (0, 1)]
    >>> len(set(torch.cat(first_epoch).tolist()))
    8
    """

    dataset: Dataset[Any] | list[Any]
    size: int
    seed: int = 0
    shuffle: bool = True
    workers: int = 0
    rank: int = 0
    world: int = 1
    collate: Callable[[list[Any]], Any] | None = None

    def __post_init__(self) -> None:
        if not (self.size >= 1 and 0 <= self.rank < self.world):
            got = f"size={self.size}, rank={self.rank}, world={self.world}"
            raise InputError("the batches", expected="size ≥ 1 and 0 ≤ rank < world", got=got)
        if len(self) < 1:
            expected = f"at least {self.size * self.world} items"
            remedy = "use smaller batches"
            raise InputError("the dataset", expected=expected, got=self._items(), remedy=remedy)

    def __len__(self) -> int:
        return self._items() // (self.size * self.world)

    def starting_at(self, position: int) -> Iterator[Any]:
        """Give the batches from number ``position`` on (0 is the very first), for ever."""
        loader = DataLoader(
            self.dataset,  # type: ignore[arg-type]
            batch_sampler=_Places(self, position),
            num_workers=self.workers,
            collate_fn=self.collate,
            persistent_workers=False,
            pin_memory=torch.cuda.is_available(),
            generator=torch.Generator(),  # else DataLoader draws from the global generator
        )
        return iter(loader)

    def places(self, position: int) -> list[int]:
        """Return which items make up the batch at ``position``."""
        epoch, index = divmod(position, len(self))
        start = (index * self.world + self.rank) * self.size
        order = _order(self.seed if self.shuffle else None, epoch, self._items())
        places: list[int] = order[start : start + self.size].tolist()
        return places

    def _items(self) -> int:
        return len(self.dataset)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def _order(seed: int | None, epoch: int, items: int) -> Int[np.ndarray, " item"]:
    """Return the order of an epoch's items: shuffled, or as they lie where there is no seed."""
    if seed is None:
        return np.arange(items)
    return np.random.default_rng([seed, epoch]).permutation(items)


class _Places:
    """The places of each batch from a position on, which is all that a DataLoader asks for."""

    def __init__(self, batches: Batches, position: int) -> None:
        self.batches, self.position = batches, position

    def __iter__(self) -> Iterator[list[int]]:
        yield from map(self.batches.places, itertools.count(self.position))


class TokenWindows(Dataset[tuple[Tensor, Tensor]]):
    """Neighbouring windows of a long row of tokens, as inputs and targets shifted by one.

    ``tokens`` may be mapped from a file: only the windows that are asked for are read. Raises
    ``InputError`` when the row is shorter than one window and its next token.

    >>> windows = TokenWindows(np.arange(8), length=3)
    >>> len(windows), windows[1]
    (2, (tensor([3, 4, 5]), tensor([4, 5, 6])))
    """

    def __init__(self, tokens: Integer[np.ndarray, " token"], length: int) -> None:
        if length < 1 or len(tokens) <= length:
            expected = f"more than a window's {length}"
            raise InputError("the tokens", expected=expected, got=len(tokens))
        self.tokens, self.length = tokens, length

    def __len__(self) -> int:
        return (len(self.tokens) - 1) // self.length

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: list[int]) -> list[tuple[Tensor, Tensor]]:
        """Return several windows, cut all at once: what a DataLoader asks for where it can."""
        places = range(len(self))
        starts = self.length * np.array([places[index] for index in indices])[:, None]
        windows = self.tokens[starts + np.arange(self.length + 1)].astype(np.int64)
        inputs, targets = shifted(torch.from_numpy(windows))
        return list(zip(inputs, targets, strict=True))
