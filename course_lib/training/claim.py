"""A folder belongs to one run at a time: two that wrote into one would ruin each other's work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from course_lib.training.checkpoint import CheckpointError

LOCK = ".running.lock"


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Make ``folder`` and keep other runs out of it for the block.

    The system lets go of the lock when the process ends, however it ends. Raises
    ``CheckpointError`` when another run has the folder, or when it can't be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, claimed(Path(name)):
    ...     pass
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise CheckpointError(
            f"the folder {folder}",
            expected="no run in it",
            got="one",
            remedy="wait, or use another folder",
        ) from None
    except OSError as error:
        expected = "one to write in"
        raise CheckpointError(f"the folder {folder}", expected=expected, got=error) from error
    try:
        yield
    finally:
        lock.release()
