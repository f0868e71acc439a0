"""Zip and gzip files read in place, within limits, so that no small file can fill the memory.

Nothing is unpacked to the disk: a member's name is only a name, wherever it points.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from course_lib.errors import DataError

LARGEST_MEMBER = 2**24  # bytes; the largest of our archives' members has 650,000
LARGEST_TOTAL = 2**27
MOST_MEMBERS = 10_000


def zip_members(path: Path, suffix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the names and the contents of a zip's members whose names end in ``suffix``.

    Raises DataError when the file is damaged, encrypted, or unpacks to more than the limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _check_limits(path, members)
            for member in members:
                if member.filename.endswith(suffix):
                    with archive.open(member) as content:  # reads the promised size at most
                        yield member.filename, content.read(member.file_size)
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}", got=f"a damaged zip file ({error})") from error


def gunzip(path: Path, limit: int) -> bytes:
    """Return what a gzip file holds, ``limit`` bytes at most.

    Raises DataError when the file is damaged or holds more.
    """
    try:
        with gzip.open(path) as content:
            data = content.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}", got=f"a damaged gzip file ({error})") from error
    if len(data) > limit:
        raise DataError(f"{path}", expected=f"{limit} bytes at most", got="more")
    return data


def _check_limits(path: Path, members: list[zipfile.ZipInfo]) -> None:
    largest = max((one.file_size for one in members), default=0)
    total = sum(one.file_size for one in members)
    for got, most, what in (
        (len(members), MOST_MEMBERS, "members"),
        (largest, LARGEST_MEMBER, "bytes in a member"),
        (total, LARGEST_TOTAL, "bytes in all"),
    ):
        if got > most:
            raise DataError(f"{path}", expected=f"{most} {what} at most", got=got)
