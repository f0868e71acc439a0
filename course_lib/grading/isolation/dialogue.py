"""The trusted end of the dialogue with one submission's process."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from course_lib.errors import CourseError
from course_lib.exercises import Outcome
from course_lib.exercises.case import Case
from course_lib.exercises.exercise import Exercise
from course_lib.grading.isolation import wire
from course_lib.grading.isolation.limits import IMAGE_BYTES, MOST_IMAGES, Limits
from course_lib.grading.isolation.tagging import WireError

ERROR_CHARACTERS = 500
NAMES, NAME_CHARACTERS = 8, 60
PNG, MOST_PIXELS = b"\x89PNG\r\n\x1a\n", 25_000_000
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class WorkerDiedError(CourseError):
    """A submission's process ended, or stopped speaking the protocol."""


class Worker:
    """One submission's process, as seen from outside."""

    def __init__(self, sock: socket.socket, limits: Limits, end: Callable[[], None]) -> None:
        self._sock, self._limits, self._end = sock, limits, end

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and all that it started."""
        self._sock.close()
        self._end()

    def run(self, source: str, deadline: float) -> dict[str, Any]:
        """Run one cell; returns its error, its text, its images and a number that it ended with."""
        limits = self._limits
        reply, _ = self._ask({"request": "run", "source": source}, limits.cell_seconds, deadline)
        value = reply.get("value")
        return {
            "error": words(reply.get("error"), ERROR_CHARACTERS),
            "output": words(reply.get("output"), limits.cell_output_bytes),
            "value": value if type(value) in (int, float) else None,
            "images": pictures(reply.get("images")),
        }

    def note(self, name: str, expression: str, deadline: float) -> None:
        """Have the worker keep what ``expression`` gives as the answer to the exercise ``name``."""
        request = {"request": "note", "name": name, "expression": expression}
        self._ask(request, self._limits.call_seconds, deadline)

    def probe(
        self, exercise: Exercise, case: Case, deadline: float, most: int
    ) -> tuple[Outcome, int]:
        """Put the noted answer through the exercise's probe, on one case.

        Returns what came of it and the bytes of its arrays, which may be ``most``.
        """
        request = {
            "request": "probe", "name": exercise.name, "probe": exercise.probe_name,
            "aspect": case.aspect, "arguments": case.arguments, "keywords": case.keywords,
            "settings": case.settings, "not_by": list(exercise.not_by),
        }  # fmt: skip
        began = time.monotonic()
        reply, size = self._ask(request, self._limits.call_seconds, deadline, most)
        return _outcome(reply, time.monotonic() - began), size

    def _ask(
        self, request: dict[str, Any], seconds: float, deadline: float, most: int = wire.ARRAY_BYTES
    ) -> tuple[dict[str, Any], int]:
        frame = wire.encode(request, native=True)  # a case that can't be sent is our own failure
        until = min(time.monotonic() + seconds + self._limits.grace_seconds, deadline)
        try:
            wire.send(self._sock, frame, until)
            reply, size = wire.receive(self._sock, until, min(most, wire.ARRAY_BYTES))
        except WireError as error:
            raise WorkerDiedError("the submission's process", got=str(error)) from error
        if not isinstance(reply, dict):
            raise WorkerDiedError("the submission's process", got="an answer of another form")
        return reply, size


def _outcome(reply: dict[str, Any], seconds: float) -> Outcome:
    """Return what a stranger's reply says of a call; whatever it says is only words and values."""
    if "value" in reply:
        changed = reply.get("changed")
        names = [words(name, NAME_CHARACTERS) for name in changed] if type(changed) is list else []
        return Outcome(
            reply["value"], form=reply.get("form"), changed=tuple(names[:NAMES]),
            printed=reply.get("printed") is True, seconds=seconds,
        )  # fmt: skip
    error = words(reply.get("error"), ERROR_CHARACTERS) or "ValueError: no answer"
    line = words(reply.get("line"), ERROR_CHARACTERS)
    return Outcome(error=error, timed_out=reply.get("timed_out") is True, line=line,
                   seconds=seconds)  # fmt: skip


def pictures(value: object) -> list[bytes]:
    """Return a stranger's PNG images, those that are small enough to be shown.

    >>> pictures([np.frombuffer(b"no image", np.uint8)]), pictures("text")
    ([], [])
    """
    arrays = value[:MOST_IMAGES] if type(value) is list else []
    contents = [array.tobytes() for array in arrays if type(array) is np.ndarray]
    return [content for content in contents if _is_small_png(content)]


def _is_small_png(content: bytes) -> bool:
    if not content.startswith(PNG) or len(content) > IMAGE_BYTES:
        return False
    width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return 0 < width * height <= MOST_PIXELS


def words(value: object, most: int) -> str:
    """Return a stranger's text without what steers a terminal, in at most so many bytes.

    >>> words("ä\\x1b[2Jbc", 3)
    'äb'
    """
    if type(value) is not str:
        return ""
    kept = CONTROL.sub("", value.replace("\r", "\n"))
    return kept.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
