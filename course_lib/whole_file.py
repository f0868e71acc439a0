"""Write a file or a folder whole or not at all: under another name first, then renamed."""

from __future__ import annotations

import os
import shutil
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


@contextmanager
def whole_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give an empty folder to fill, which takes the place of ``path`` once the block ends well.

    Until then a folder of that name stays as it was; after an error nothing is left behind. The
    folder to fill is called ``.NAME.PROCESS``: what a killed process has left can be told by that.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     with whole_folder(f"{name}/corpus") as fresh:
    ...         _ = write_whole(fresh / "words.txt", "cat")
    ...     Path(name, "corpus/words.txt").read_text()
    'cat'
    """
    target = Path(path)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        yield fresh
        shutil.rmtree(target, ignore_errors=True)
        fresh.replace(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
