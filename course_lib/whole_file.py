"""Write a file whole or not at all: under another name first, then renamed into its place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears as ``path`` only once the block has ended well.

    Until then a file of that name stays as it was; after an error nothing is left behind. Missing
    folders are made.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(f"{folder}/words.txt") as file:
    ...         _ = file.write(b"cat")
    ...     Path(folder, "words.txt").read_bytes()
    b'cat'
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        fresh = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            file.close()
            fresh.unlink(missing_ok=True)
            raise
    try:
        fresh.chmod(0o666 & ~_umask())
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def write_whole(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write a file that a reader finds whole or not at all, text in UTF-8; return its path.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/words.txt", "猫").read_bytes().decode()
    '猫'
    """
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return Path(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
