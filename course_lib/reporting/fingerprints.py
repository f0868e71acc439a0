"""Finding work that is nearly the same, by fingerprints of its tokens.

A program is cut into tokens; names, numbers and texts become one mark each, so that renaming hides
nothing. Every run of ``K`` tokens is hashed, and of each ``WINDOW`` neighbouring hashes the
smallest is kept: any run of ``K + WINDOW − 1`` tokens that two programs share is found. What the
stub holds, or what a good part of the class writes, says nothing and is left out.

Source: Schleimer, Wilkerson and Aiken, Winnowing: Local Algorithms for Document Fingerprinting,
SIGMOD 2003, https://theory.stanford.edu/~aiken/publications/papers/sigmod03.pdf
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

K, WINDOW = 8, 5
THRESHOLD = 0.8
LEAST = 12
"""Fingerprints of their own that both must have: short answers are alike by nature."""
COMMON = 0.2
"""A fingerprint that this part of the class has (and more than three learners) is no sign."""
SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}
MARKS = {tokenize.NUMBER: "1", tokenize.STRING: "''"}
RUN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Alike:
    """Two learners whose code shares most of what is not everybody's: a reason to look."""

    one: str
    other: str
    similarity: float
    shared: int


def fingerprints(code: str) -> frozenset[int]:
    """Return the fingerprints of a program: a name, a number or a comment changes none of them.

    >>> fingerprints("def f(a):\\n    return a * a + 1") == fingerprints(
    ...     "def g(x):  # the square and one\\n    return x * x + 2")
    True
    """
    tokens = tokens_of(code)
    hashes = [
        zlib.crc32(" ".join(tokens[start : start + K]).encode())
        for start in range(len(tokens) - K + 1)
    ]
    windows = range(max(len(hashes) - WINDOW + 1, min(len(hashes), 1)))
    return frozenset(min(hashes[start : start + WINDOW]) for start in windows)


def tokens_of(code: str) -> list[str]:
    """Return a program's tokens with one mark for all names, one for numbers, one for texts."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                found.append(token.string if keyword.iskeyword(token.string) else "name")
            elif token.type not in SKIPPED:
                found.append(MARKS.get(token.type, token.string.strip() or str(token.type)))
    except (tokenize.TokenError, SyntaxError):  # half a thought, or magics
        return [_mark(run) for run in RUN.findall(code)]
    return found


def alike(work: Mapping[str, str], stub: str = "", threshold: float = THRESHOLD) -> list[Alike]:
    """Return the pairs of learners whose work is alike, most alike first.

    Similarity is the share of their uncommon fingerprints that two have in common (Jaccard's).
    """
    given = fingerprints(stub)
    found = {name: fingerprints(code) - given for name, code in work.items()}
    counts = Counter(mark for marks in found.values() for mark in marks)
    most = max(3, COMMON * len(work))
    rare = {
        name: frozenset(mark for mark in marks if counts[mark] <= most)
        for name, marks in found.items()
    }
    pairs = (
        Alike(one, other, shared / len(rare[one] | rare[other]), shared)
        for (one, other), shared in _shared(rare).items()
        if shared >= LEAST
    )
    near = (pair for pair in pairs if pair.similarity >= threshold)
    return sorted(near, key=lambda pair: (-pair.similarity, pair.one, pair.other))


def _shared(marks: Mapping[str, Iterable[int]]) -> Counter[tuple[str, str]]:
    """Count the fingerprints of each pair that shares any, by the learners that each one has."""
    having = defaultdict(list)
    for name in sorted(marks):
        for mark in marks[name]:
            having[mark].append(name)
    return Counter(pair for names in having.values() for pair in combinations(names, 2))


def _mark(run: str) -> str:
    if keyword.iskeyword(run):
        return run
    return "1" if run[0].isdigit() else "name" if run[0].isalpha() or run[0] == "_" else run
