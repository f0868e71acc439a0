"""The trusted end: starts fork servers and talks to the processes of submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import json
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

START_SECONDS = 120.0
CONTROL_SECONDS = 20.0


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
        stage.fill(Path(self._stage.name), withheld)
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = self._start(theirs, preload)
        self._expect(START_SECONDS)

    def _start(self, theirs: socket.socket, preload: tuple[str, ...]) -> subprocess.Popen[bytes]:
        folder = Path(self._stage.name)
        isolated = "isolated" if self.level.name == "strong" else "open"
        command = [sys.executable, "-m", "course_lib.grading.forkserver", str(theirs.fileno())]
        command += [isolated, *preload]
        variables = sandbox.environment(str(folder))
        if self.level.name == "strong":
            command = [*sandbox.bubblewrap_command(folder, readable_folders()), *command]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the server
        return subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._errors, env=variables, cwd="/",
        )  # fmt: skip

    def fork(self) -> Worker:
        """Return a fresh worker; raises ``ServerError`` when the server has failed."""
        ours, theirs = socket.socketpair()
        order = {"order": "fork", "limits": dataclasses.asdict(self.limits)}
        with theirs:
            self._order(order, theirs)
        return Worker(self, ours, int(self._expect(CONTROL_SECONDS)["process"]))

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
        self._sock.close()
        self._server.end(self._number)

    def run(self, source: str) -> dict[str, Any]:
        """Run one cell; returns its error, its text output and a number that it ended with."""
        limits = self._server.limits
        reply = self._ask({"request": "run", "source": source}, limits.cell_seconds)
        return {
            "error": _text(reply.get("error"), 500),
            "output": _text(reply.get("output"), limits.output_characters) or "",
            "value": reply.get("value") if type(reply.get("value")) in (bool, int, float) else None,
        }

    def note(self, name: str, expression: str) -> None:
        """Have the worker keep what ``expression`` gives as the answer to the exercise ``name``."""
        self._ask({"request": "note", "name": name, "expression": expression}, 5.0)

    def probe(self, exercise: Exercise, case: Case) -> Outcome:
        """Put the noted answer through the exercise's probe, on one case."""
        request = {
            "request": "probe", "name": exercise.name, "probe": exercise.probe_name,
            "aspect": case.aspect, "arguments": case.arguments, "keywords": case.keywords,
        }  # fmt: skip
        reply = self._ask(request, self._server.limits.call_seconds)
        if "value" in reply:
            return Outcome(reply["value"])
        error = _text(reply.get("error"), 500) or "ValueError: no answer"
        return Outcome(error=error, timed_out=reply.get("timed_out") is True)

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds + self._server.limits.grace_seconds
        try:
            wire.send(self._sock, request, deadline)
            reply = wire.receive(self._sock, deadline)
        except wire.WireError as error:
            raise WorkerDiedError("the submission's process", got=str(error)) from error
        if not isinstance(reply, dict):
            raise WorkerDiedError("the submission's process", got="an answer of another form")
        return reply


def readable_folders() -> tuple[Path, ...]:
    """Return the folders outside the system that a submission may read: downloaded data."""
    from course_lib.data import cache_folder

    with contextlib.suppress(OSError):
        folder = cache_folder()
        return (folder,) if folder.is_dir() else ()
    return ()


def _text(value: Any, most: int) -> str | None:
    return value[:most] if isinstance(value, str) and value else None
