"""Feedback pages, written by a process of its own: one learner's odd answer stops nobody's page.

nbgrader renders in the process that calls it. Here that is a child, which is ended when a learner's
pages take too long or fill its memory, and begun anew for the next learner.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from course_lib.grading.classroom.reasons import reason

SECONDS = 60.0
MEMORY_BYTES = 4 * 2**30


class PageWriter:
    """Writes feedback for one learner after the other, each within its time."""

    def __init__(self, root: Path, seconds: float = SECONDS) -> None:
        self.root, self.seconds = root, seconds
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._ours: Connection | None = None

    def __enter__(self) -> PageWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, chapter: str, student: str) -> str | None:
        """Write one learner's pages; returns what went wrong, or ``None``."""
        if self._process is None or not self._process.is_alive():
            self._begin()
        assert self._ours is not None
        try:
            self._ours.send((chapter, student))
            if not self._ours.poll(self.seconds):
                self.close()
                return f"the feedback page took more than {self.seconds:g} s to render"
            reply: str | None = self._ours.recv()
        except (EOFError, OSError):
            self.close()
            return "rendering the feedback page ended its process"
        return reply

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._ours is not None:
            self._ours.close()
        self._process = self._ours = None

    def _begin(self) -> None:
        self._ours, theirs = self._context.Pipe()
        arguments = (str(self.root), theirs)
        self._process = self._context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()


def _serve(root: str, connection: Connection) -> None:
    """Write pages until the other side closes the pipe."""
    import resource

    from course_lib.grading.classroom.nbgrader_course import course_api

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    api = course_api(Path(root))
    while True:
        try:
            chapter, student = connection.recv()
        except EOFError:
            return
        connection.send(_written(api, chapter, student))


def _written(api: Any, chapter: str, student: str) -> str | None:
    try:
        outcome = api.generate_feedback(chapter, student, force=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:400]
    return None if outcome["success"] else reason(outcome)
