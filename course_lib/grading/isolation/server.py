"""The trusted end of a fork server: starts it in the sandbox and gives it orders."""

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
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.isolation import sandbox, stage, wire
from course_lib.grading.isolation.dialogue import Worker
from course_lib.grading.isolation.limits import Limits
from course_lib.grading.isolation.sandbox import Level
from course_lib.grading.isolation.stage import Files
from course_lib.grading.isolation.tagging import WireError

START_SECONDS = 120.0
CONTROL_SECONDS = 60.0


class ServerError(CourseError):
    """The fork server does not do its work: our failure, and nobody's zero."""


class ForkServer:
    """A process in the sandbox that has imported everything, and forks workers."""

    def __init__(
        self,
        withheld: tuple[str, ...],
        preload: tuple[str, ...],
        level: Level,
        limits: Limits,
        files: Files = (),
    ) -> None:
        self.level, self.limits = level, limits
        self._stage = tempfile.TemporaryDirectory(prefix="course-stage-")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the server
        self._control, theirs = socket.socketpair()
        stage.fill(Path(self._stage.name), withheld)
        stage.put_beside(Path(self._stage.name), files)
        with theirs:
            self._process = self._start(theirs, preload)
        try:
            self._expect(START_SECONDS)
        except ServerError:
            self.close()
            raise

    def _start(self, theirs: socket.socket, preload: tuple[str, ...]) -> subprocess.Popen[bytes]:
        folder = Path(self._stage.name)
        command = [sys.executable, "-m", f"{__package__}.forkserver", str(theirs.fileno())]
        command += [self.level.name, *preload]
        data, variables = readable_folders(), dict[str, str]()
        if self.level.name == "strong":
            command = [*sandbox.bubblewrap_command(folder, data), *command]
        else:
            variables = sandbox.landlock_variables(folder, data)
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
        return Worker(ours, self.limits, lambda: self.end(number))

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


def readable_folders() -> tuple[Path, ...]:
    """Return the folders outside the system that a submission may read: downloaded data."""
    with contextlib.suppress(OSError, ImportError):
        from course_lib.data import cache_folder

        folder = cache_folder()
        return (folder,) if folder.is_dir() else ()
    return ()
