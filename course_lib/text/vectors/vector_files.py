"""The two text formats in which word vectors travel: a word and its numbers on each line.

word2vec's file begins with a line that gives the number of words and of dimensions; GloVe's has no
such line. Everything else is the same. A file comes from strangers, so it is read with care: as
data, one bounded line at a time, every line as long as the first, every number finite.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import Float, Float32

from course_lib.errors import DataError, InputError
from course_lib.whole_file import whole_file

BYTE_ORDER_MARK = "\ufeff"  # what some editors put before a file in UTF-8
LONGEST_LINE = 2**17
"""Bytes: 4,096 numbers in full precision fit, and a file without line ends does not."""


def write_vectors(
    path: str | os.PathLike[str],
    words: Sequence[str],
    matrix: Float[np.ndarray, "word dim"],
    *,
    header: bool,
) -> None:
    """Write a file in word2vec's text format (``header``) or in GloVe's (none), atomically.

    Single-precision numbers come back as they were, and so does every word that was read. Raises
    ``InputError`` for a word that the format cannot hold: one with a line end; one with a space in
    word2vec's format, where other programs would split it, or first in GloVe's, whose first line
    tells how many numbers follow a word.
    """
    for place, word in enumerate(words):
        _check_word(word, header, first=place == 0)
    with whole_file(path) as file:
        if header:
            file.write(f"{len(words)} {matrix.shape[1]}\n".encode())
        for word, row in zip(words, matrix.astype(np.float32), strict=True):
            numbers = " ".join(map(str, row))
            file.write(f"{word} {numbers}\n".encode())


def read_vectors(
    path: str | os.PathLike[str], limit: int | None = None
) -> tuple[tuple[str, ...], Float32[np.ndarray, "word dim"]]:
    """Return the words and the matrix of a file in either format, at most ``limit`` words.

    Published files are sorted by frequency, so that a limit keeps the common words. Where a file
    names a word twice, the first counts. Raises ``DataError`` for a file that is missing, cut off
    or of another kind, with the line.
    """
    if limit is not None and limit < 1:
        raise InputError("limit", expected="at least 1", got=limit)
    try:
        with Path(path).open("rb") as file:
            return _read(file, Path(path).name, limit)
    except OSError as error:
        raise DataError(f"the word vectors {path}", got=error.strerror) from error


def _check_word(word: str, header: bool, first: bool) -> None:
    spaced = " " in word and (header or first)
    if "\n" in word or spaced or (first and not header and word.startswith(BYTE_ORDER_MARK)):
        raise InputError(
            "a word of a vector file",
            expected="no white space",
            got=repr(word),
            remedy="save_glove holds words with spaces after the first word" if spaced else "",
        )


def _read(
    file: BinaryIO, name: str, limit: int | None
) -> tuple[tuple[str, ...], Float32[np.ndarray, "word dim"]]:
    lines = enumerate(_lines(file, name), start=1)
    first = next(lines, None)
    if first is None:
        raise DataError(f"the word vectors {name}", expected="at least one line", got="none")
    promised = _header(first[1])
    count, dim = promised or (None, len(first[1].split(" ")) - 1)
    rows: dict[str, np.ndarray] = {}
    read = 0
    for number, line in lines if promised else chain([first], lines):
        if limit is not None and len(rows) == limit:
            break
        word, values = _row(line, dim, f"line {number} of {name}")
        rows.setdefault(word, values)
        read += 1
    complete = limit is not None and len(rows) == limit
    if not rows or (count is not None and read != count and not complete):
        expected = f"{count or 'some'} words"
        remedy = "the file is cut off: fetch it again"
        raise DataError(f"the word vectors {name}", expected=expected, got=read, remedy=remedy)
    return tuple(rows), np.stack(list(rows.values()))


def _lines(file: BinaryIO, name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise DataError(
                f"line {number} of {name}",
                expected=f"at most {LONGEST_LINE} bytes",
                got="more",
                remedy="it is no text file of word vectors",
            )
        try:
            text = line.decode("utf-8").rstrip("\r\n").rstrip(" ")
            yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
        except UnicodeDecodeError as error:
            raise DataError(
                f"line {number} of {name}",
                expected="UTF-8",
                got="other bytes",
                remedy="word2vec's binary format is not read here",
            ) from error


def _header(line: str) -> tuple[int, int] | None:
    parts = line.split(" ")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts):
        return int(parts[0]), int(parts[1])
    return None


def _row(line: str, dim: int, place: str) -> tuple[str, np.ndarray]:
    """Split a line from its right end, for a word may hold spaces in GloVe's largest file."""
    word, *numbers = line.rsplit(" ", dim)
    try:
        values = np.array(numbers, dtype=np.float32)
    except ValueError as error:
        raise DataError(place, expected=f"a word and {dim} numbers", got=line[:60]) from error
    if dim < 1 or len(values) != dim or not np.isfinite(values).all():
        raise DataError(place, expected=f"a word and {dim} finite numbers", got=line[:60])
    return word, values
