"""Batches: texts of different lengths as one tensor, and a mask that tells words from padding.

A model reads a rectangle. Shorter texts are filled up with padding; the mask is true where a token
is real. A text that is too long is cut *before* ``<bos>`` and ``<eos>`` are put round it, for a
model that never sees an end does not learn to stop. Padding goes to the right for training; for
generation to the left, so that every text ends where the next token will stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from course_lib.errors import InputError


class Batch(NamedTuple):
    """Token ids (batch, time), and where they are real."""

    ids: Int[Tensor, "batch time"]
    mask: Bool[Tensor, "batch time"]


def padded_batch(
    sequences: Sequence[Sequence[int]],
    longest: int | None = None,
    *,
    begin: int | None = 2,
    end: int | None = 3,
    padding: int = 0,
    side: Literal["right", "left"] = "right",
) -> Batch:
    """Return the sequences as one batch, as wide as the longest of them, ``longest`` at most.

    ``begin`` and ``end`` go round each sequence, and count; ``None`` leaves one out. Numbers are
    ``int64``. Raises ``InputError`` for an empty batch, or a ``longest`` without room for both.

    >>> ids, mask = padded_batch([[7, 8, 9], [5]], longest=4)
    >>> ids.tolist()
    [[2, 7, 8, 3], [2, 5, 3, 0]]
    >>> mask.int().tolist()
    [[1, 1, 1, 1], [1, 1, 1, 0]]
    """
    if not sequences:
        raise InputError("the batch", expected="at least one sequence", got="none")
    if side not in ("right", "left"):
        raise InputError("side", expected="'right' or 'left'", got=repr(side))
    rows = [framed(sequence, longest, begin=begin, end=end) for sequence in sequences]
    lengths = torch.tensor([len(row) for row in rows])
    width = int(lengths.max())
    places = torch.arange(width)
    ends = lengths[:, None]
    mask = places < ends if side == "right" else places >= width - ends
    ids = torch.full((len(rows), width), padding)
    ids[mask] = torch.tensor([token for row in rows for token in row], dtype=torch.int64)
    return Batch(ids, mask)


def framed(
    sequence: Sequence[int], longest: int | None = None, *, begin: int | None, end: int | None
) -> list[int]:
    """Return the sequence with ``begin`` before and ``end`` behind it, ``longest`` ids at most.

    What does not fit is cut from the end of the text, never from the special tokens.

    >>> framed([7, 8, 9], 4, begin=2, end=3)
    [2, 7, 8, 3]
    """
    before = [] if begin is None else [begin]
    after = [] if end is None else [end]
    room = len(sequence) if longest is None else longest - len(before) - len(after)
    if room < 0:
        expected = f"at least {len(before) + len(after)}, for the special tokens"
        raise InputError("longest", expected=expected, got=longest)
    return [*before, *sequence[:room], *after]


def like_lengths(
    lengths: Sequence[int], size: int, generator: torch.Generator, *, pool: int = 50
) -> list[list[int]]:
    """Return every item's number once, in batches of ``size`` whose lengths are alike.

    Items are shuffled, sorted by length within pools of ``pool`` batches, cut into batches, and
    the batches shuffled: little padding, and another order at every call. The last batch of a pool
    may be smaller. Raises ``InputError`` for a size or pool below 1.

    >>> batches = like_lengths([9, 1, 8, 2], size=2, generator=torch.Generator().manual_seed(0))
    >>> sorted(sorted(batch) for batch in batches)
    [[0, 2], [1, 3]]
    """
    if size < 1 or pool < 1:
        raise InputError("size and pool", expected="at least 1", got=(size, pool))
    order = torch.randperm(len(lengths), generator=generator).tolist()
    batches: list[list[int]] = []
    for start in range(0, len(order), size * pool):
        near = sorted(order[start : start + size * pool], key=lengths.__getitem__)
        batches += [near[cut : cut + size] for cut in range(0, len(near), size)]
    shuffled = torch.randperm(len(batches), generator=generator).tolist()
    return [batches[number] for number in shuffled]
