"""Near duplicates by MinHash: find texts that share most of their pieces, without all pairs.

Cut a text into its *shingles*, runs of characters. Two texts are alike by the shingles that they
share over those of either (Jaccard). Hash all shingles of a text and keep the smallest hash: two
texts keep the same one with just that probability. Repeat with 128 hashes, and the share of equal
minima estimates the likeness. Cut the 128 into bands: texts that agree in a whole band are
candidates, and only these are compared in full.

From: Broder, *On the resemblance and containment of documents*, 1997; banding from Leskovec,
Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3, http://www.mmds.org.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt64

from course_lib.errors import InputError

HASHES = 128
CHUNK = 1 << 16  # shingles that are hashed at once


class Duplicate(NamedTuple):
    """Two texts by their places, and the share of shingles that they have in common."""

    first: int
    second: int
    similarity: float


def shingles(text: str, size: int = 5) -> frozenset[str]:
    """Return the runs of ``size`` characters of ``text``, in lower case, white space as one space.

    Characters serve English and Chinese alike. A shorter text is its own only shingle.

    >>> sorted(shingles("Hello  all", 8))
    ['ello all', 'hello al']
    """
    plain = " ".join(text.lower().split())
    starts = range(max(len(plain) - size, 0) + 1)
    return frozenset(plain[start : start + size] for start in starts)


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Return what two sets share over what either has; 1 for two empty ones.

    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    0.5
    """
    either = len(first | second)
    return len(first & second) / either if either else 1.0


def minhash(
    sets: Sequence[frozenset[str]], hashes: int = HASHES
) -> UInt64[np.ndarray, "text hash"]:
    """Return the smallest of ``hashes`` hashes of each set's members.

    The share of equal entries of two rows estimates the sets' likeness, with a standard error of
    at most ½ / √hashes. The hashes are the same in every process.

    >>> rows = minhash([frozenset("abcdef"), frozenset("abcdef"), frozenset("uvwxyz")])
    >>> bool((rows[0] == rows[1]).all()), float((rows[0] == rows[2]).mean())
    (True, 0.0)
    """
    draw = np.random.default_rng(0)  # the hash functions themselves: fixed, not random
    factors = draw.integers(1, 1 << 63, hashes, dtype=np.uint64) | np.uint64(1)
    offsets = draw.integers(0, 1 << 63, hashes, dtype=np.uint64)
    rows = np.empty((len(sets), hashes), np.uint64)
    for start, stop in _chunks([len(one) for one in sets]):
        codes = [zlib.crc32(piece.encode()) for one in sets[start:stop] for piece in one or ("",)]
        # multiply and shift: the upper half of a · x + b modulo 2⁶⁴ (Dietzfelbinger, 1996)
        mixed = (np.array(codes, np.uint64)[:, None] * factors + offsets) >> np.uint64(32)
        firsts = np.cumsum([0, *(max(len(one), 1) for one in sets[start : stop - 1])])
        rows[start:stop] = np.minimum.reduceat(mixed, firsts, axis=0)
    return rows


def near_duplicates(
    first: Sequence[str],
    second: Sequence[str] | None = None,
    threshold: float = 0.7,
    size: int = 5,
) -> list[Duplicate]:
    """Return the pairs of a text of ``first`` and one of ``second`` alike by ``threshold`` or more.

    Without ``second``, the pairs within ``first``. Each pair that is returned has been compared in
    full; of pairs at the threshold itself about 1 in 100 is missed, above it fewer. Raises
    ``InputError`` for a threshold that is not above 0 and up to 1.

    >>> near_duplicates(["the cat sat on the mat today"], ["the cat sat on the mat, today"], 0.6)
    [Duplicate(first=0, second=0, similarity=0.6896551724137931)]
    """
    if not 0 < threshold <= 1 or size < 1:
        raise InputError("the threshold", expected="above 0, up to 1", got=threshold)
    sets = [shingles(text, size) for text in first]
    others = sets if second is None else [shingles(text, size) for text in second]
    rows = minhash(sets)
    candidates = _candidates(rows, rows if second is None else minhash(others), _rows(threshold))
    found = [
        Duplicate(i, j, jaccard(sets[i], others[j]))
        for i, j in candidates
        if second is not None or i < j
    ]
    return sorted(pair for pair in found if pair.similarity >= threshold)


def _rows(threshold: float) -> int:
    """Return the longest band whose chance of missing a pair at the threshold is below 1 in 100."""
    bands = (n for n in range(HASHES, 0, -1) if (1 - threshold**n) ** (HASHES // n) < 0.01)
    return next(bands, 1)


def _candidates(one: np.ndarray, other: np.ndarray, rows: int) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for start in range(0, HASHES - rows + 1, rows):
        held: dict[bytes, list[int]] = defaultdict(list)
        for place, band in enumerate(np.ascontiguousarray(other[:, start : start + rows])):
            held[band.tobytes()].append(place)
        for place, band in enumerate(np.ascontiguousarray(one[:, start : start + rows])):
            pairs.update((place, match) for match in held.get(band.tobytes(), ()))
    return pairs


def _chunks(lengths: list[int]) -> Iterator[tuple[int, int]]:
    start, total = 0, 0
    for place, length in enumerate(lengths):
        total += length
        if total >= CHUNK:
            yield start, place + 1
            start, total = place + 1, 0
    if start < len(lengths):
        yield start, len(lengths)
