"""Reading a folder, a zip, or a zip of zips: names and contents, each within bounds.

A stranger made it. Whatever leads out of it (``../``, an absolute name, a link), is encrypted, or
grows beyond measure when unpacked (a bomb) is refused with a reason, and the rest is read. Sizes
that an archive declares are not believed: reading stops at the bound.

Source: David Fifield, A better zip bomb, WOOT 2019, https://www.bamsoftware.com/hacks/zipbomb/
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_lib.errors import InputError

MEBIBYTE = 2**20
READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
               OSError, ValueError)  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """How much is read: bytes of one file and of all, files, times that a file may grow."""

    file_bytes: int = 20 * MEBIBYTE
    total_bytes: int = 2048 * MEBIBYTE
    files: int = 100_000
    growth: int = 200
    nested: int = 1


@dataclass(frozen=True)
class Found:
    """One file that was handed in: its name, the time when it was last changed, its content."""

    name: str
    changed: float | None
    content: bytes


@dataclass(frozen=True)
class Refused:
    """One file that is not taken, and why."""

    name: str
    reason: str


def read(source: Path, bounds: Bounds | None = None) -> Iterator[Found | Refused]:
    """Give each file of a folder or a zip, or the reason why it is refused.

    Raises ``InputError`` for a source that is neither.
    """
    bounds = bounds or Bounds()
    if source.is_dir():
        files = _of_folder(source, bounds)
    elif zipfile.is_zipfile(source):
        files = _of_zip(zipfile.ZipFile(source), "", bounds, bounds.nested)
    elif source.suffix == ".ipynb" and source.is_file():
        files = iter([_file(source, source.name, bounds)])
    else:
        raise InputError("the submissions", expected="a folder, a zip or a notebook", got=source)
    yield from _within(files, bounds)


def _within(files: Iterator[Found | Refused], bounds: Bounds) -> Iterator[Found | Refused]:
    """Stop where all files together are too many or too large."""
    left = bounds.total_bytes
    for number, file in enumerate(files):
        left -= len(file.content) if isinstance(file, Found) else 0
        if number >= bounds.files or left < 0:
            yield Refused(file.name, "too much in one source: this and all that follows is left")
            return
        yield file


def _of_folder(folder: Path, bounds: Bounds) -> Iterator[Found | Refused]:
    for above, folders, names in os.walk(folder, followlinks=False):
        place = Path(above)
        for name in sorted(folders):
            if (place / name).is_symlink():
                yield Refused(str((place / name).relative_to(folder)), A_LINK)
        folders[:] = sorted(name for name in folders if not (place / name).is_symlink())
        for name in sorted(names):
            path = place / name
            inside = path.relative_to(folder).as_posix()
            if path.suffix == ".zip" and _is_zip(path):
                prefix = f"{inside.removesuffix('.zip')}/"
                yield from _of_zip(zipfile.ZipFile(path), prefix, bounds, bounds.nested - 1)
            else:
                yield _file(path, inside, bounds)


def _is_zip(path: Path) -> bool:
    """Return whether a plain file is a zip; a pipe would keep its reader waiting for ever."""
    return stat.S_ISREG(path.lstat().st_mode) and zipfile.is_zipfile(path)


def _file(path: Path, name: str, bounds: Bounds) -> Found | Refused:
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        return Refused(name, A_LINK if path.is_symlink() else "it is no plain file")
    if about.st_size > bounds.file_bytes:
        return Refused(name, f"it is larger than {bounds.file_bytes // MEBIBYTE} MiB")
    try:
        return Found(name, about.st_mtime, path.read_bytes())
    except OSError as error:
        return Refused(name, f"it cannot be read: {error.strerror}")


def _of_zip(
    archive: zipfile.ZipFile, prefix: str, bounds: Bounds, nested: int
) -> Iterator[Found | Refused]:
    with archive:
        for info in archive.infolist():
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            name, reason = prefix + info.filename, _why_not(info, bounds)
            if reason:
                yield Refused(name, reason)
                continue
            try:
                with archive.open(info) as file:
                    content = file.read(bounds.file_bytes + 1)
            except READ_ERRORS as error:
                yield Refused(name, f"it cannot be unpacked ({type(error).__name__})")
                continue
            if len(content) > bounds.file_bytes:
                yield Refused(name, f"it is larger than {bounds.file_bytes // MEBIBYTE} MiB")
            elif info.filename.endswith(".zip"):
                yield from _inner(name, content, bounds, nested)
            else:
                yield Found(name, _seconds(info), content)


def _inner(name: str, content: bytes, bounds: Bounds, nested: int) -> Iterator[Found | Refused]:
    if nested <= 0:
        yield Refused(name, "it is a zip in a zip in a zip")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except READ_ERRORS:
        yield Refused(name, "it is no zip")
        return
    yield from _of_zip(archive, f"{name.removesuffix('.zip')}/", bounds, nested - 1)


def _why_not(info: zipfile.ZipInfo, bounds: Bounds) -> str:
    """Return why a member is refused before it is opened; nothing where it is not."""
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if ".." in parts or info.filename[:1] in "/\\" or ":" in info.filename[:2]:
        return "its name leads out of the archive"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        return A_LINK if kind == stat.S_IFLNK else "it is no plain file"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > bounds.growth * max(info.compress_size, 1024):
        return f"it would grow more than {bounds.growth} times: a bomb"
    return ""


def _seconds(info: zipfile.ZipInfo) -> float | None:
    from datetime import datetime

    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


A_LINK = "it is a link, which may lead anywhere"
