"""The list of all data sets, read from ``catalogue.toml`` and ``checksums/``, and what is here.

Both files lie in the package, so that an installed course knows them too.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from course_lib.data.cache import cache_folder
from course_lib.data.installed import package_folder
from course_lib.errors import DataError, InputError

CATALOGUE = Path(__file__).parent
_HOST = "https://raw.githubusercontent.com"


@dataclass(frozen=True)
class DataFile:
    """One file of a set: its path in the set, its size in bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Download:
    """A set that ``course data`` gets: the files of one commit of a public repository."""

    name: str
    description: str
    repository: str
    commit: str
    folder: str
    licence: str
    source: str
    files: tuple[DataFile, ...]

    def address(self, file: DataFile) -> str:
        """Return where the file is published."""
        path = PurePosixPath(self.repository, self.commit, self.folder, file.path)
        return f"{_HOST}/{quote(str(path))}"


@dataclass(frozen=True)
class Packaged:
    """A set that an installed package brings: nothing is downloaded for it."""

    name: str
    description: str
    package: str
    pip: str
    path: str
    size: int
    licence: str
    source: str


@dataclass(frozen=True)
class Row:
    """What ``course data`` says of one set; ``get`` is the command that brings it here."""

    name: str
    description: str
    present: bool
    size: int
    licence: str
    source: str
    folder: Path
    get: str


def status() -> list[Row]:
    """Return a row for each data set, those of installed packages first; nothing is read or fetched.

    A set is present when each of its files is here in its full size.

    >>> {row.name: row.present for row in status()}["digits"]
    True
    """  # noqa: E501
    packaged = [_row_of_package(one) for one in packages().values()]
    return packaged + [_row_of_download(one) for one in downloads().values()]


def downloads() -> dict[str, Download]:
    """Return the sets to download, by name."""
    return read_catalogue(CATALOGUE)[1]


def packages() -> dict[str, Packaged]:
    """Return the sets that installed packages bring, by name."""
    return read_catalogue(CATALOGUE)[0]


@functools.cache
def read_catalogue(folder: Path) -> tuple[dict[str, Packaged], dict[str, Download]]:
    """Return the sets that ``folder`` describes in ``catalogue.toml`` and ``checksums``.

    Raises DataError when a line of checksums is malformed or a path would leave its set.
    """
    table = tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))
    packaged = {name: Packaged(name=name, **row) for name, row in table["packages"].items()}
    downloaded = {
        name: Download(name=name, files=_files(folder / "checksums" / f"{name}.txt"), **row)
        for name, row in table["downloads"].items()
    }
    return packaged, downloaded


def downloaded_file(name: str, path: str) -> Path:
    """Return a file of the downloaded set ``name``.

    Raises DataError with the command to run when it is missing or not whole, InputError when the
    set has no such file.
    """
    file = next((file for file in downloads()[name].files if file.path == path), None)
    if file is None:
        known = ", ".join(file.path for file in downloads()[name].files[:20])
        raise InputError(f"the data set {name}", expected=f"one of {known}", got=path)
    place = set_folder(name) / path
    if not is_whole(place, file):
        state = "only a part of it" if place.exists() else "it is not here"
        raise DataError(f"{path} of the data set {name}", got=state, remedy=how_to_get(name))
    return place


def set_folder(name: str) -> Path:
    """Return the folder of a downloaded set; it may not exist."""
    return cache_folder() / name


def is_whole(place: Path, file: DataFile) -> bool:
    """Say whether a file lies at ``place`` in its full size."""
    try:
        return place.stat().st_size == file.size
    except OSError:
        return False


def how_to_get(name: str) -> str:
    """Return the sentence that tells a reader which command to run."""
    return f"run `course data {name}` (in a notebook: `!course data {name}`)"


def _files(path: Path) -> tuple[DataFile, ...]:
    files = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            sha256, size, name = line.split(" ", 2)
            file = DataFile(name, int(size), sha256)
        except ValueError as error:
            raise DataError(f"{path}", expected="'SHA-256 bytes path'", got=line) from error
        if len(sha256) != 64 or PurePosixPath(name).is_absolute() or ".." in name or "\\" in name:
            raise DataError(f"{path}", expected="a checksum and a path in the set", got=line)
        files.append(file)
    return tuple(files)


def _row_of_download(one: Download) -> Row:
    folder = set_folder(one.name)
    present = all(is_whole(folder / file.path, file) for file in one.files)
    size = sum(file.size for file in one.files)
    return Row(
        one.name,
        one.description,
        present,
        size,
        one.licence,
        one.source,
        folder,
        f"course data {one.name}",
    )


def _row_of_package(one: Packaged) -> Row:
    folder = package_folder(one.package)
    present = folder is not None and (folder / one.path).exists()
    return Row(
        one.name,
        one.description,
        present,
        one.size,
        one.licence,
        one.source,
        folder or Path(),
        f"pip install {one.pip}",
    )
