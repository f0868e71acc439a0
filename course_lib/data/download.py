"""Downloads that go on where they stopped, are checked, and leave nothing broken behind.

A file grows in the folder ``.parts``, under its checksum's name, and moves to its place once its
size and SHA-256 are those of the catalogue. What an interruption leaves is a part that no loader
sees, and the next ``course data`` goes on from it.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib.data.cache import cache_folder
from course_lib.data.catalogue import (
    DataFile,
    Download,
    downloads,
    how_to_get,
    is_whole,
    packages,
    set_folder,
    status,
)
from course_lib.data.sources import MIRROR, BrokenConnectionError, connections, opened, place_of
from course_lib.errors import CourseError, DataError, InputError

if TYPE_CHECKING:
    import requests

OnBytes = Callable[[int, int], None]
PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further try of a file whose connection broke."""


def fetch(
    names: Sequence[str], *, workers: int = 4, progress: OnBytes | None = None
) -> dict[str, Path]:
    """Bring the named data sets here, ``workers`` files at a time, and return their folders.

    ``progress`` is called with the number of bytes that are here, and of those in all. Files that
    are here and right stay; the others are downloaded, from ``COURSE_DATA_MIRROR`` if that is set.
    Raises InputError for an unknown name or no worker; DataError when a set cannot be had: it says
    what to do, and what came until then is not lost.

    >>> fetch(["digits"])  # comes with scikit-learn: there is nothing to do
    {}
    """
    if workers < 1:
        raise InputError("workers", expected="1 or more", got=workers)
    wanted = [one for one in map(_known, dict.fromkeys(names)) if one]
    if not wanted:
        return {}
    with contextlib.ExitStack() as stack:
        for one in wanted:
            stack.enter_context(_alone_in(one.name))
        _check_space(wanted)
        session = stack.enter_context(connections(workers))
        _Run(wanted, session, progress).run(workers)
        for one in wanted:
            shutil.rmtree(set_folder(one.name) / ".parts", ignore_errors=True)
    return {one.name: set_folder(one.name) for one in wanted}


class _Run:
    """One call of ``fetch``: its jobs, the bytes that are here, and whether it is to stop."""

    def __init__(
        self, wanted: Sequence[Download], session: requests.Session, progress: OnBytes | None
    ) -> None:
        self.session = session
        self.jobs = [(one, file) for one in wanted for file in one.files]
        self.total = sum(file.size for _, file in self.jobs)
        self.here: dict[tuple[str, str], int] = {}
        self.done = 0
        self.progress = progress
        self.stop = threading.Event()
        self.lock = threading.Lock()

    def run(self, workers: int) -> None:
        pool = ThreadPoolExecutor(workers, thread_name_prefix="download")
        jobs = {pool.submit(self.get, *job): job[0].name for job in self.jobs}
        failures: dict[str, CourseError] = {}
        try:
            while jobs:  # a wait without an end could not be interrupted on every system
                ready, _ = wait(jobs, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in ready:
                    name = jobs.pop(future)
                    try:
                        future.result()
                    except CourseError as error:  # the other sets go on
                        failures.setdefault(name, error)
                        jobs = _without(jobs, name)
        finally:
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
        if failures:
            raise next(iter(failures.values()))

    def report(self, one: Download, file: DataFile, size: int) -> None:
        key = one.name, file.path
        with self.lock:
            self.done += size - self.here.get(key, 0)
            self.here[key] = size
            if self.progress is not None:
                self.progress(self.done, self.total)

    def get(self, one: Download, file: DataFile) -> None:
        place = set_folder(one.name) / file.path
        part = set_folder(one.name) / ".parts" / file.sha256
        with _explained(one, file, part):
            if not is_right(place, file):
                part.parent.mkdir(parents=True, exist_ok=True)
                self.fill(one, file, part)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(part, place)
        self.report(one, file, file.size)

    def fill(self, one: Download, file: DataFile, part: Path) -> None:
        """Make ``part`` the whole, right file; a broken connection is tried again, and then."""
        reason, pauses = "", iter(PAUSES)
        for _ in range(2 * len(PAUSES) + 2):
            start = _size(part)
            try:
                self.receive(one, file, part)
            except BrokenConnectionError as error:
                reason = str(error)
                if self.stop.wait(next(pauses, 0.0)):
                    raise
                continue
            if is_right(part, file):
                return
            size = _size(part)
            if start < size < file.size:
                reason = "the answer ended early"
                continue
            part.unlink(missing_ok=True)
            if not start or size < file.size:  # the source itself has another file
                raise _other_file(one, file)
        raise DataError(f"downloading {file.path}", got=reason, remedy=_later(one))

    def receive(self, one: Download, file: DataFile, part: Path) -> None:
        """Add to ``part`` what is missing, as far as the source goes."""
        start = _size(part)
        if start >= file.size:
            return
        with opened(self.session, place_of(one, file), start) as (here, chunks):
            if not here:
                part.unlink(missing_ok=True)
            with part.open("ab") as output:
                for chunk in chunks:
                    if self.stop.is_set():
                        raise BrokenConnectionError("stopped")
                    output.write(chunk)
                    here += len(chunk)
                    self.report(one, file, min(here, file.size))
                    if here > file.size:
                        return


def _without(jobs: dict[Future[None], str], name: str) -> dict[Future[None], str]:
    """Cancel the jobs of one set that have not begun, and return the other jobs."""
    return {future: other for future, other in jobs.items() if other != name or not future.cancel()}


def is_right(place: Path, file: DataFile) -> bool:
    """Say whether the file at ``place`` has the size and the checksum of the catalogue."""
    if not is_whole(place, file):
        return False
    with place.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _known(name: str) -> Download | None:
    """Return the set to download; None for one that an installed package has brought."""
    if name in downloads():
        return downloads()[name]
    if name not in packages():
        known = [*downloads(), *packages()]
        close = difflib.get_close_matches(name, known, 1)
        remedy = f"did you mean {close[0]}?" if close else "`course data` lists them"
        expected = f"one of {', '.join(known)}"
        raise InputError("the data set", expected=expected, got=name, remedy=remedy)
    row = next(row for row in status() if row.name == name)
    if not row.present:
        got = "a package that is not installed"
        raise DataError(f"the data set {name}", got=got, remedy=f"run `{row.get}`")
    return None


@contextlib.contextmanager
def _alone_in(name: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    folder = set_folder(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock").acquire(timeout=0)
    except Timeout as error:
        got = "another process that downloads it"
        remedy = "wait until that has ended"
        raise DataError(f"the data set {name}", got=got, remedy=remedy) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    with lock:
        yield


def _check_space(wanted: Sequence[Download]) -> None:
    files = [(set_folder(one.name), file) for one in wanted for file in one.files]
    needed = sum(
        file.size - min(file.size, _size(folder / ".parts" / file.sha256))
        for folder, file in files
        if not is_whole(folder / file.path, file)
    )
    free = shutil.disk_usage(cache_folder()).free
    if needed > free:
        raise DataError(
            f"the disk of {cache_folder()}",
            expected=f"{needed / 2**20:.1f} MiB free",
            got=f"{free / 2**20:.1f} MiB",
            remedy=_ELSEWHERE,
        )


@contextlib.contextmanager
def _explained(one: Download, file: DataFile, part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)  # gives back what it took
        raise _unwritable(set_folder(one.name) / file.path, error) from error


def _unwritable(place: Path, error: OSError) -> DataError:
    return DataError(f"writing {place}", got=error.strerror or str(error), remedy=_ELSEWHERE)


def _other_file(one: Download, file: DataFile) -> DataError:
    where = place_of(one, file)
    remedy = (
        f"the mirror is not this course's: correct or unset {MIRROR}, then {how_to_get(one.name)}"
    )
    if where == one.address(file):
        remedy = f"{how_to_get(one.name)} again; if it stays so, report it to the course's authors"
    return DataError(
        f"{where}",
        expected=f"{file.size} bytes with SHA-256 {file.sha256}",
        got="another file, which was thrown away",
        remedy=remedy,
    )


def _later(one: Download) -> str:
    return (
        f"{how_to_get(one.name)} when the network is back: it goes on where it stopped; "
        f"or set {MIRROR} to a folder or an address that holds the same files"
    )


_ELSEWHERE = "free some space, or set COURSE_DATA to a folder on another disk that you may write to"
