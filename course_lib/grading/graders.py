"""Grading ahead: while nbgrader writes one learner's scores, others are graded already.

nbgrader's own process stays the one writer of the gradebook. It asks for results in its order;
here they are worked out before they are asked for, by a few processes or by a Dask cluster.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from course_lib.errors import InputError
from course_lib.grading.engine import NotebookResult
from course_lib.grading.limits import Limits
from course_lib.grading.submission import grade_submission

ALLOW = "COURSE_ALLOW_UNSANDBOXED"
SCHEDULER = "COURSE_SCHEDULER"
PROCESSES = "COURSE_GRADERS"
WORTH_A_POOL = 4
"""Fewer notebooks are graded sooner without starting processes for them."""


@dataclass(frozen=True)
class Job:
    """One notebook to grade: what was handed in, where, and its source."""

    submission: Path
    source: Path
    seed: int = field(repr=False)

    def arguments(self) -> tuple[bytes, bytes, int, Limits, bool]:
        """Return what ``grade_submission`` takes."""
        allowed = bool(os.environ.get(ALLOW))
        return handed_in(self.submission), self.source.read_bytes(), self.seed, Limits(), allowed

    def mark(self) -> str:
        """Return a digest of all that the result depends on: same mark, same scores."""
        submission, source, seed, limits, allowed = self.arguments()
        known = sha256(f"{seed} {limits} {allowed} {library_digest()}".encode())
        known.update(sha256(submission).digest() + sha256(source).digest())
        return known.hexdigest()


class Graders:
    """Results of jobs, most of them worked out before they are asked for."""

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._resources = contextlib.ExitStack()
        self._ahead = 0
        self._waiting: deque[Job] = deque()
        self._running: dict[Job, Future[NotebookResult]] = {}

    def expect(self, jobs: Iterable[Job]) -> None:
        """Say which jobs will be asked for, in this order."""
        self._waiting = deque(job for job in jobs if job not in self._running)
        if len(self._waiting) >= WORTH_A_POOL:
            self._start()
        self._fill()

    def expects(self, job: Job) -> bool:
        """Return whether the job's turn has been announced."""
        return job in self._running or job in self._waiting

    def result(self, job: Job) -> NotebookResult:
        """Return a job's result; raises ``CourseError`` where grading itself failed."""
        if job in self._running:
            self._pass_over(job)
        future = self._running.pop(job, None)
        if future is None:
            with contextlib.suppress(ValueError):
                self._waiting.remove(job)
            return grade_submission(*job.arguments())
        self._fill()
        try:
            return future.result()
        except BrokenExecutor:  # a grading process was ended from outside: go on without it
            self.close()
            return grade_submission(*job.arguments())

    def _pass_over(self, job: Job) -> None:
        """Forget what should have been asked for before ``job``: nbgrader has skipped it."""
        for earlier in list(self._running):
            if earlier == job:
                return
            self._running.pop(earlier).cancel()

    def close(self) -> None:
        """End the processes; what is asked for later is worked out in this one."""
        for future in self._running.values():
            future.cancel()
        self._running.clear()
        self._executor = None
        self._resources.close()

    def _start(self) -> None:
        if self._executor is None:
            self._executor, self._ahead = _executor(self._resources)

    def _fill(self) -> None:
        while self._executor and self._waiting and len(self._running) < self._ahead:
            job = self._waiting.popleft()
            with contextlib.suppress(OSError, BrokenExecutor):
                arguments = job.arguments()
                self._running[job] = self._executor.submit(grade_submission, *arguments)


def _executor(resources: contextlib.ExitStack) -> tuple[Executor | None, int]:
    """Return what runs jobs, and how many to have under way: a cluster, processes, or nothing."""
    address = os.environ.get(SCHEDULER)
    if address:
        from distributed import Client

        client: Any = resources.enter_context(Client(address))  # type: ignore[no-untyped-call]
        return client.get_executor(pure=False), 2 * sum(client.ncores().values())
    processes = graders_wanted()
    if processes == 0:
        return None, 0
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(processes, mp_context=spawn)
    resources.callback(executor.shutdown, wait=True, cancel_futures=True)
    return executor, 2 * processes


def graders_wanted() -> int:
    """Return how many processes grade: ``COURSE_GRADERS``, else one for each processor, up to 8."""
    text = os.environ.get(PROCESSES)
    if text is None:
        return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)
    if not text.isdigit():
        raise InputError(PROCESSES, expected="a whole number ≥ 0", got=repr(text))
    return int(text)


@cache
def library_digest() -> str:
    """Return a digest of the course's own code, exercises included."""
    package = Path(__file__).resolve().parents[1]
    known = sha256()
    for path in sorted(package.rglob("*.py")):
        known.update(sha256(str(path.relative_to(package)).encode() + path.read_bytes()).digest())
    return known.hexdigest()


def handed_in(path: Path) -> bytes:
    """Return what a learner handed in; a link counts as an empty file: it may lead anywhere."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(Limits().submission_bytes + 1)


GRADERS = Graders()
atexit.register(GRADERS.close)
