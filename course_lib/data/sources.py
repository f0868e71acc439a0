"""Where the bytes of a data file come from: its publisher, or a mirror (a folder or an address)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from course_lib.data.catalogue import DataFile, Download
from course_lib.errors import DataError

if TYPE_CHECKING:
    import requests

MIRROR = "COURSE_DATA_MIRROR"
_CHUNK = 2**16
_SECONDS = (10.0, 30.0)  # to connect; between two pieces of an answer
_PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers that may be better in a moment
_NO_SUCH_RANGE = 416


class BrokenConnectionError(Exception):
    """The connection broke, or the server is busy: worth another try."""


class AbsentFileError(DataError):
    """The source answers, and has no such file: another try would be in vain."""


def place_of(one: Download, file: DataFile) -> Path | str:
    """Return the path or the address to take a file from, as ``COURSE_DATA_MIRROR`` says."""
    mirror = os.environ.get(MIRROR, "")
    if not mirror:
        return one.address(file)
    if mirror.startswith(("http://", "https://")):
        return f"{mirror.rstrip('/')}/{quote(f'{one.name}/{file.path}')}"
    return Path(mirror).expanduser() / one.name / file.path


@contextlib.contextmanager
def connections(most: int) -> Iterator[requests.Session]:
    """Give what keeps ``most`` connections open from one file to the next, and close them."""
    import requests
    from requests.adapters import HTTPAdapter

    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(pool_connections=most, pool_maxsize=most))
        yield session


@contextlib.contextmanager
def opened(
    session: requests.Session, place: Path | str, start: int
) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Give where the bytes begin (at ``start``, or at 0 if the source cannot skip) and the bytes.

    Raises BrokenConnectionError when another try may help, AbsentFileError when it cannot.
    """
    if isinstance(place, Path):
        with _opened_file(place, start) as chunks:
            yield start, chunks
    else:
        with _opened_address(session, place, start) as (begins, chunks):
            yield begins, chunks


@contextlib.contextmanager
def _opened_file(place: Path, start: int) -> Iterator[Iterator[bytes]]:
    try:
        file = place.open("rb")
    except OSError as error:
        remedy = f"{MIRROR} names a folder that lacks it: correct or unset it"
        raise AbsentFileError(f"{place}", got=error.strerror, remedy=remedy) from error
    with file:
        file.seek(start)
        yield iter(lambda: file.read(_CHUNK), b"")


@contextlib.contextmanager
def _opened_address(
    session: requests.Session, address: str, start: int
) -> Iterator[tuple[int, Iterator[bytes]]]:
    import requests

    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        with session.get(address, headers=headers, stream=True, timeout=_SECONDS) as answer:
            if answer.status_code == _NO_SUCH_RANGE and start:
                yield start, iter(())  # the source's file ends here: not the catalogue's
                return
            if answer.status_code in _PASSING:
                raise BrokenConnectionError(
                    f"the server answers {answer.status_code} {answer.reason}"
                )
            if not answer.ok:
                got = f"the server answers {answer.status_code} {answer.reason}"
                raise AbsentFileError(address, got=got, remedy=f"try another {MIRROR}")
            yield _beginning(answer, start), answer.iter_content(_CHUNK)
    except requests.RequestException as error:
        raise BrokenConnectionError(_reason(error)) from error


def _beginning(answer: requests.Response, start: int) -> int:
    given = answer.headers.get("Content-Range", "")  # bytes 100-199/200
    return start if answer.status_code == 206 and given.startswith(f"bytes {start}-") else 0


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server"
    return f"the connection broke ({type(error).__name__})"
