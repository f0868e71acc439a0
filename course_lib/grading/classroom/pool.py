"""A few processes of this machine that grade: nobody else can reach them.

Each is at the other end of a pair of sockets that has no name and listens nowhere. One that dies is
replaced, and what it was at is tried once more.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from course_lib.errors import CourseError

TRIES = 2
LEAVE_SECONDS = 10.0
"""How long a process may take to end its fork servers and to remove what they wrote."""


class Pool(Executor):
    """Runs calls in so many processes; each is started when it gets its first call."""

    def __init__(self, processes: int) -> None:
        self._calls: SimpleQueue[tuple[Future[Any], tuple[Any, ...]] | None] = SimpleQueue()
        self._closed = Event()
        self._workers: list[_Worker] = [_Worker() for _ in range(processes)]
        self._threads = [Thread(target=self._serve, args=(one,), daemon=True)
                         for one in self._workers]  # fmt: skip
        for thread in self._threads:
            thread.start()

    def submit(self, function: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        """Have a function called that can be imported by its name."""
        if self._closed.is_set():
            raise RuntimeError("the pool is closed")
        future: Future[Any] = Future()
        self._calls.put((future, (function, arguments, keywords)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with ``cancel_futures`` at once, whatever they are at."""
        if cancel_futures:
            self._closed.set()
            for worker in self._workers:
                worker.ask_to_leave()
        for _ in self._threads:
            self._calls.put(None)
        self._closed.set()
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, worker: _Worker) -> None:
        while (asked := self._calls.get()) is not None:
            future, call = asked
            if worker.leaving:
                future.cancel()
            if future.set_running_or_notify_cancel():
                self._answer(worker, future, call)
        worker.end()

    def _answer(self, worker: _Worker, future: Future[Any], call: tuple[Any, ...]) -> None:
        for _ in range(TRIES):
            try:
                fine, value = worker.call(call)
            except (EOFError, OSError):
                worker.end()
                if worker.leaving:
                    break
            else:
                future.set_result(value) if fine else future.set_exception(value)
                return
        error = CourseError("a grading process", expected="an answer", got=f"its end {TRIES} times",
                            remedy="look whether this machine has enough memory")  # fmt: skip
        future.set_exception(error)


class _Worker:
    """One process, started with its first call; only one thread uses it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self.leaving = False

    def call(self, call: tuple[Any, ...]) -> tuple[bool, Any]:
        """Return whether a call went well, and its value or its exception."""
        if self._connection is None:
            self._connection = self._start()
        self._connection.send(call)
        answer: tuple[bool, Any] = self._connection.recv()
        return answer

    def ask_to_leave(self) -> None:
        self.leaving = True
        if self._process:
            self._process.terminate()

    def end(self) -> None:
        """End the process; the next call starts another one."""
        if self._connection:
            self._connection.close()
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(LEAVE_SECONDS)
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", f"{__package__}.grading_process"]
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,  # Ctrl-C is for the one who was asked to grade
            )  # fmt: skip
        if self.leaving:
            self._process.terminate()
        return Connection(ours.detach())
