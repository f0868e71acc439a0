"""The trusted end: starts fork servers and talks to the processes of submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises import Outcome
from course_lib.exercises.exercise import Case, Exercise
from course_lib.grading import sandbox, stage, wire
from course_lib.grading.limits import Limits
from course_lib.grading.sandbox import Level
from course_lib.grading.tagging import WireError

START_SECONDS = 120.0
CONTROL_SECONDS = 60.0
ERROR_CHARACTERS = 500
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ServerError(CourseError):
    """The fork server does not do its work: our failure, and nobody's zero."""


class WorkerDiedError(CourseError):
    """A submission's process ended, or stopped speaking the protocol."""


class ForkServer:
    """A process in the sandbox that has imported everything, and forks workers."""

    def __init__(
        self, withheld: tuple[str, ...], preload: tuple[str, ...], level: Level, limits: Limits
    ) -> None:
        self.level, self.limits = level, limits
        self._stage = tempfile.TemporaryDirectory(prefix="course-stage-")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the server
        self._control, theirs = socket.socketpair()
        stage.fill(Path(self._stage.name), withheld)
        with theirs:
            self._process = self._start(theirs, preload)
        try:
            self._expect(START_SECONDS)
        except ServerError:
            self.close()
            raise

    def _start(self, theirs: socket.socket, preload: tuple[str, ...]) -> subprocess.Popen[bytes]:
        folder = Path(self._stage.name)
        command = [sys.executable, "-m", "course_lib.grading.forkserver", str(theirs.fileno())]
        command += [self.level.name, *preload]
        variables = sandbox.environment(str(folder))
        if self.level.name == "strong":
            command = [*sandbox.bubblewrap_command(folder, readable_folders()), *command]
        else:
            readable = [*sandbox.system_folders(), folder, *readable_folders()]
            variables |= {
                "HOME": str(folder),
                sandbox.READABLE: json.dumps(list(map(str, readable))),
            }
        return subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd="/",
            stdout=subprocess.DEVNULL, stderr=self._errors, env=variables,
        )  # fmt: skip

    def fork(self) -> Worker:
        """Return a fresh worker; raises ``ServerError`` when the server has failed."""
        ours, theirs = socket.socketpair()
        order = {"order": "fork", "limits": dataclasses.asdict(self.limits)}
        try:
            with theirs:
                self._order(order, theirs)
            number = int(self._expect(CONTROL_SECONDS)["process"])
            wire.receive(ours, time.monotonic() + CONTROL_SECONDS)  # no word: a wall is missing
        except WireError as error:
            ours.close()
            raise self._failure(f"a submission's process could not be shut in: {error}") from error
        except ServerError:
            ours.close()
            raise
        return Worker(self, ours, number)

    def end(self, number: int) -> None:
        """End a worker and everything that it started."""
        self._order({"order": "end", "process": number})
        self._expect(CONTROL_SECONDS)

    def close(self) -> None:
        """End the server, its workers and its stage."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        self._stage.cleanup()

    @property
    def alive(self) -> bool:
        """Whether the server can still fork."""
        return self._process.poll() is None

    def _order(self, order: dict[str, Any], attached: socket.socket | None = None) -> None:
        descriptors = [attached.fileno()] if attached else []
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)
        except OSError as error:
            raise self._failure(str(error)) from error

    def _expect(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            data = self._control.recv(2**16)
            reply: dict[str, Any] = json.loads(data)
        except (OSError, ValueError) as error:
            raise self._failure(type(error).__name__) from error
        return reply

    def _failure(self, reason: str) -> ServerError:
        self._process.kill()
        self._errors.seek(0)
        words = self._errors.read()[-800:].decode("utf-8", "replace").strip()
        return ServerError("the fork server", got=f"{reason} {words}".strip(),
                           remedy="course doctor says what this machine lacks")  # fmt: skip


class Worker:
    """One submission's process, as seen from outside."""

    def __init__(self, server: ForkServer, sock: socket.socket, number: int) -> None:
        self._server, self._sock, self._number = server, sock, number

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
        self._server.end(self._number)

    def run(self, source: str, deadline: float) -> dict[str, Any]:
        """Run one cell; returns its error, its text output and a number that it ended with."""
        limits = self._server.limits
        reply, _ = self._ask({"request": "run", "source": source}, limits.cell_seconds, deadline)
        value = reply.get("value")
        return {
            "error": words(reply.get("error"), ERROR_CHARACTERS),
            "output": words(reply.get("output"), limits.cell_output_bytes),
            "value": value if type(value) in (bool, int, float) else None,
        }

    def note(self, name: str, expression: str, deadline: float) -> None:
        """Have the worker keep what ``expression`` gives as the answer to the exercise ``name``."""
        request = {"request": "note", "name": name, "expression": expression}
        self._ask(request, self._server.limits.call_seconds, deadline)

    def probe(
        self, exercise: Exercise, case: Case, deadline: float, most: int
    ) -> tuple[Outcome, int]:
        """Put the noted answer through the exercise's probe, on one case.

        Returns what came of it and the bytes of its arrays, which may be ``most``.
        """
        request = {
            "request": "probe", "name": exercise.name, "probe": exercise.probe_name,
            "aspect": case.aspect, "arguments": case.arguments, "keywords": case.keywords,
        }  # fmt: skip
        reply, size = self._ask(request, self._server.limits.call_seconds, deadline, most)
        if "value" in reply:
            return Outcome(reply["value"]), size
        error = words(reply.get("error"), ERROR_CHARACTERS) or "ValueError: no answer"
        return Outcome(error=error, timed_out=reply.get("timed_out") is True), size

    def _ask(
        self, request: dict[str, Any], seconds: float, deadline: float, most: int = wire.ARRAY_BYTES
    ) -> tuple[dict[str, Any], int]:
        frame = wire.encode(request, native=True)  # a case that can't be sent is our own failure
        until = min(time.monotonic() + seconds + self._server.limits.grace_seconds, deadline)
        try:
            wire.send(self._sock, frame, until)
            reply, size = wire.receive(self._sock, until, min(most, wire.ARRAY_BYTES))
        except WireError as error:
            raise WorkerDiedError("the submission's process", got=str(error)) from error
        if not isinstance(reply, dict):
            raise WorkerDiedError("the submission's process", got="an answer of another form")
        return reply, size


def readable_folders() -> tuple[Path, ...]:
    """Return the folders outside the system that a submission may read: downloaded data."""
    with contextlib.suppress(OSError, ImportError):
        from course_lib.data import cache_folder

        folder = cache_folder()
        return (folder,) if folder.is_dir() else ()
    return ()


def words(value: object, most: int) -> str:
    """Return a stranger's text without what steers a terminal, in at most so many bytes.

    >>> words("ä\\x1b[2Jbc", 3)
    'äb'
    """
    if type(value) is not str:
        return ""
    kept = CONTROL.sub("", value.replace("\r", "\n"))
    return kept.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
