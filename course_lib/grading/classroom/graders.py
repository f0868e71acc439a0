"""Grading ahead: while nbgrader writes one learner's scores, others are graded already.

nbgrader's own process stays the one writer of the gradebook. It asks for results in its order;
here they are worked out before they are asked for, by a few processes or by a Dask cluster.
"""

from __future__ import annotations

import atexit
import contextlib
from collections import deque
from collections.abc import Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future

from course_lib.errors import CourseError
from course_lib.grading.classroom.cluster import executor, graded_there
from course_lib.grading.classroom.jobs import Job, Reading, library_digest
from course_lib.grading.judging import NotebookResult, grade_submission

WORTH_A_POOL = 4
"""Fewer notebooks are graded sooner without starting processes for them."""


class Graders:
    """Results of jobs, most of them worked out before they are asked for."""

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._resources = contextlib.ExitStack()
        self._ahead = 0
        self._waiting: deque[Job] = deque()
        self._running: dict[Job, Future[NotebookResult]] = {}
        self._read: dict[Job, Reading] = {}

    def expect(self, jobs: Iterable[Job]) -> None:
        """Say which jobs will be asked for, in this order."""
        self._waiting = deque(job for job in jobs if job not in self._running)
        self._read = {job: read for job, read in self._read.items() if job in self._running}
        if len(self._waiting) >= WORTH_A_POOL:
            self._start()
        self._fill()

    def expects(self, job: Job) -> bool:
        """Return whether the job's turn has been announced."""
        return job in self._running or job in self._waiting

    def reading(self, job: Job) -> Reading:
        """Return the job's data as they are graded: read once, when its turn comes."""
        if job not in self._read:
            self._read[job] = job.read()
        return self._read[job]

    def forget(self, job: Job) -> None:
        """Let go of a job's data."""
        self._read.pop(job, None)

    def result(self, job: Job) -> NotebookResult:
        """Return a job's result; raises ``CourseError`` where grading itself failed.

        What a lost process or machine was working on is worked out here instead.
        """
        if job in self._running:
            self._pass_over(job)
        future = self._running.pop(job, None)
        if future is None:
            with contextlib.suppress(ValueError):
                self._waiting.remove(job)
            return grade_submission(self.reading(job))
        self._fill()
        try:
            return future.result()
        except CourseError:
            raise
        except (BrokenExecutor, CancelledError, OSError):  # all of it is lost: go on without it
            self.close()
        except Exception:  # a cluster gives a job up when several of its workers were ended
            pass
        return grade_submission(self.reading(job))

    def _pass_over(self, job: Job) -> None:
        """Forget what should have been asked for before ``job``: nbgrader has skipped it."""
        for earlier in list(self._running):
            if earlier == job:
                return
            self._running.pop(earlier).cancel()
            self.forget(earlier)

    def close(self) -> None:
        """End the processes; what is asked for later is worked out in this one."""
        for future in self._running.values():
            future.cancel()
        self._running.clear()
        self._executor = None
        with contextlib.suppress(OSError, TimeoutError):  # a cluster that is gone is closed already
            self._resources.close()

    def _start(self) -> None:
        if self._executor is None:
            self._executor, self._ahead = executor(self._resources)

    def _fill(self) -> None:
        while self._executor and self._waiting and len(self._running) < self._ahead:
            job = self._waiting.popleft()
            with contextlib.suppress(OSError, BrokenExecutor, RuntimeError):
                reading = self.reading(job)
                sent = self._executor.submit(graded_there, library_digest(), reading)
                self._running[job] = sent


GRADERS = Graders()
atexit.register(GRADERS.close)
