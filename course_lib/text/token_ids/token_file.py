"""Token ids in a file that is read where it lies: the serialised form that training reads.

A corpus of a billion tokens does not fit into a Python list. Here it is one long row of 16-bit
numbers (32-bit where the vocabulary needs it), mapped into memory: a random window costs one read
of a few pages, and several processes share the same copy.

The file: 64 bytes of header (magic, version, bytes a token, vocabulary size, number of tokens,
CRC-32 of the tokens, CRC-32 of the header), then the tokens, all little-endian.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
import torch
from jaxtyping import Int, UInt
from torch import Tensor

from course_lib.errors import DataError, InputError
from course_lib.whole_file import whole_file

MAGIC, VERSION, HEADER_BYTES = b"WPTOKENS", 1, 64
_HEADER = struct.Struct("<8sHHIQI")
_CHECK = struct.Struct("<I")
CHUNK = 2**20
LARGEST = 2**32

Document = Sequence[int] | Int[np.ndarray, " token"]


def write_tokens(
    path: str | os.PathLike[str],
    documents: Iterable[Document],
    vocab_size: int,
    *,
    end: int | None = None,
) -> int:
    """Write the documents' ids one behind the other, atomically, and return how many there are.

    ``documents`` may be a generator: never more than a million ids are held. ``end`` goes behind
    each document, so that a model can learn where one ends. Raises ``InputError`` for an id that
    is not below ``vocab_size``; nothing is then written.
    """
    if not 1 <= vocab_size <= LARGEST:
        raise InputError("vocab_size", expected=f"from 1 to {LARGEST}", got=vocab_size)
    dtype = np.dtype("<u2" if vocab_size <= 2**16 else "<u4")
    count = check = 0
    with whole_file(path) as file:
        file.write(bytes(HEADER_BYTES))
        for ids in _chunks(documents, end):
            data = _checked(ids, vocab_size).astype(dtype).tobytes()
            file.write(data)
            count += len(ids)
            check = zlib.crc32(data, check)
        _write_header(file, dtype, vocab_size, count, check)
    return count


@dataclass(frozen=True, eq=False)
class TokenFile:
    """The tokens of a file, mapped into memory, and the size of their vocabulary.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = write_tokens(f"{folder}/text.tokens", [[5, 6], [7]], vocab_size=10, end=3)
    ...     text = TokenFile.open(f"{folder}/text.tokens")
    ...     written, text.tokens.tolist()
    (5, [5, 6, 3, 7, 3])
    """

    tokens: UInt[np.ndarray, " token"]
    vocab_size: int

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, verify: bool = True) -> TokenFile:
        """Map a file that ``write_tokens`` wrote; nothing is read but the header.

        ``verify`` reads all of it once and compares the checksum: leave it on, unless the file is
        huge and was verified before. Raises ``DataError`` for a file that is missing, foreign, cut
        off or changed.
        """
        try:
            with Path(path).open("rb") as file:
                dtype, vocab_size, count, check = _read_header(file, Path(path))
        except OSError as error:
            raise DataError(f"the token file {path}", got=error.strerror) from error
        tokens = (
            np.memmap(path, dtype, "r", HEADER_BYTES, (count,)) if count else np.empty(0, dtype)
        )
        if verify and _checksum(tokens) != check:
            raise DataError(
                f"the token file {path}",
                expected=f"checksum {check:08x}",
                got="another",
                remedy="it was changed: write it again",
            )
        return cls(tokens, vocab_size)

    def __len__(self) -> int:
        return len(self.tokens)

    def windows(
        self, count: int, length: int, generator: torch.Generator
    ) -> Int[Tensor, "count length"]:
        """Return ``count`` random windows of ``length`` neighbouring tokens, as ``int64``.

        Every window is equally likely; ask for one token more than the model reads, and shift.
        Raises ``InputError`` for a length that the file does not have.
        """
        if not 1 <= length <= len(self):
            raise InputError("length", expected=f"from 1 to {len(self)}", got=length)
        last = len(self) - length + 1
        starts = torch.randint(last, (count, 1), generator=generator).numpy()
        chosen = self.tokens[starts + np.arange(length)]
        return torch.from_numpy(chosen.astype(np.int64))


def _chunks(documents: Iterable[Document], end: int | None) -> Iterator[list[int]]:
    held: list[int] = []
    for document in documents:
        for start in range(0, len(document), CHUNK):
            held.extend(document[start : start + CHUNK])
            if len(held) >= CHUNK:
                yield held
                held = []
        held += [] if end is None else [end]
    if held:
        yield held


def _checked(ids: list[Any], vocab_size: int) -> np.ndarray:
    array = np.asarray(ids)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= vocab_size:
        integers = int | np.integer
        fits = (isinstance(i, integers) and 0 <= i < vocab_size for i in ids)
        wrong = next((i for i, fit in zip(ids, fits, strict=True) if not fit), ids[0])
        raise InputError("a token id", expected=f"an integer below {vocab_size}", got=repr(wrong))
    return array


def _write_header(file: IO[bytes], dtype: np.dtype, vocab_size: int, count: int, crc: int) -> None:
    header = _HEADER.pack(MAGIC, VERSION, dtype.itemsize, vocab_size - 1, count, crc)
    file.seek(0)
    file.write(header + _CHECK.pack(zlib.crc32(header)))


def _read_header(file: BinaryIO, path: Path) -> tuple[np.dtype, int, int, int]:
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        expected = "a file that write_tokens wrote"
        raise DataError(f"the token file {path}", expected=expected, got="another or an empty one")
    fields, crc = header[: _HEADER.size], header[_HEADER.size : _HEADER.size + _CHECK.size]
    _, version, itemsize, largest, count, check = _HEADER.unpack(fields)
    if _CHECK.unpack(crc)[0] != zlib.crc32(fields) or version != VERSION or itemsize not in (2, 4):
        raise DataError(
            f"the token file {path}",
            expected=f"a whole header of version {VERSION}",
            got="a damaged or newer one",
            remedy="write it again",
        )
    size, promised = os.fstat(file.fileno()).st_size, HEADER_BYTES + count * itemsize
    if size != promised:
        expected = f"{promised} bytes"
        remedy = "it is cut off: write it again"
        raise DataError(f"the token file {path}", expected=expected, got=size, remedy=remedy)
    return np.dtype(f"<u{itemsize}"), largest + 1, count, check


def _checksum(tokens: np.ndarray) -> int:
    check = 0
    for start in range(0, len(tokens), CHUNK):
        check = zlib.crc32(tokens[start : start + CHUNK].tobytes(), check)
    return check
