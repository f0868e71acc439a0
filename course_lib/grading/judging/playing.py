"""Playing a submission: its cells in a worker, again without the offender when one ends it."""

from __future__ import annotations

import time

from course_lib.exercises import Outcome
from course_lib.exercises.case import Case
from course_lib.exercises.exercise import Exercise
from course_lib.grading.isolation import ForkServer, Limits, Worker, WorkerDiedError
from course_lib.grading.judging.rebuild import Step

GIVEN_UP = Outcome(error="TimeoutError: the submission used up its time", timed_out=True)
TOO_SLOW = Outcome(error="TimeoutError: all calls together took too long", timed_out=True)
ENDED = "SystemExit: the cell ended the process, or could not be stopped in time"
CUT = "\n… (the rest of the output is left out)"


class Play:
    """One submission's cells in a worker, which is made anew whenever it dies."""

    def __init__(self, steps: list[Step], server: ForkServer) -> None:
        self.steps, self.server, self.limits = steps, server, server.limits
        self.deadline = time.monotonic() + self.limits.submission_seconds
        self.outputs: dict[int, str] = {}
        self.images: dict[int, list[bytes]] = {}
        self.errors: dict[int, str] = {}
        self.values: dict[int, float] = {}
        self.reached: set[int] = set()
        self._end = _end(steps)
        self._offenders: set[int] = set()
        self._lives = 1 + self.limits.replays
        self._worker: Worker | None = None

    def worker(self) -> Worker | None:
        """Return a worker in which the cells have run; ``None`` when time or patience is over."""
        while self._worker is None:
            if self._lives == 0 or self.late:
                return None
            self._lives -= 1
            self._worker = self._played()
        return None if self.late else self._worker

    @property
    def late(self) -> bool:
        """Whether the submission's time is over."""
        return time.monotonic() >= self.deadline

    def close(self) -> None:
        """End the worker and all that it started."""
        worker, self._worker = self._worker, None
        if worker:
            worker.close()

    def _played(self) -> Worker | None:
        worker = self.server.fork()
        for found in (self.outputs, self.images, self.values, self.reached):
            found.clear()
        self.errors = dict.fromkeys(self._offenders, ENDED)
        number = 0
        try:
            for number, step in enumerate(self.steps[: self._end]):
                if number not in self._offenders and not self.late:
                    self._play(worker, number, step)
        except WorkerDiedError:
            self._offenders.add(number)
            self.errors[number] = ENDED
            worker.close()
            return None
        except BaseException:
            worker.close()
            raise
        return worker

    def _play(self, worker: Worker, number: int, step: Step) -> None:
        cell = step.cell
        self.reached.add(number)
        if cell.role == "check":
            worker.note(cell.exercise or "", cell.expression or "", self.deadline)
        elif cell.cell_type == "code" and cell.role != "look" and step.source.strip():
            reply = worker.run(step.source, self.deadline)
            self._keep(number, reply["output"])
            self._keep_images(number, reply["images"])
            if reply["error"]:
                self.errors[number] = reply["error"]
            if reply["value"] is not None:
                self.values[number] = float(reply["value"])

    def _keep(self, number: int, output: str) -> None:
        left = self.limits.output_bytes - sum(map(len, self.outputs.values()))
        if output:
            self.outputs[number] = output if len(output) <= left else output[: max(left, 0)] + CUT

    def _keep_images(self, number: int, images: list[bytes]) -> None:
        kept = sum(len(image) for others in self.images.values() for image in others)
        for image in images:
            kept += len(image)
            if kept <= self.limits.images_bytes:
                self.images.setdefault(number, []).append(image)


def _end(steps: list[Step]) -> int:
    """Return the number of steps to play: what follows the last grade cell can only do harm."""
    graded = [n for n, step in enumerate(steps) if step.cell.role in ("check", "test", "manual")]
    return max(graded, default=-1) + 1


class Asker:
    """Puts one exercise's cases to the worker, and no more once one was not answered in time."""

    def __init__(self, play: Play, exercise: Exercise, limits: Limits) -> None:
        self.play, self.exercise = play, exercise
        self.bytes_left, self.seconds_left = limits.answer_bytes, limits.exercise_seconds
        self.given_up: Outcome | None = None

    def __call__(self, case: Case) -> Outcome:
        """Return what the learner's answer gives for a case."""
        worker = self.play.worker()
        if worker is None or self.given_up:
            return self.given_up or GIVEN_UP
        began = time.monotonic()
        try:
            outcome, size = worker.probe(self.exercise, case, self.play.deadline, self.bytes_left)
        except WorkerDiedError:
            self.play.close()
            error = "SystemExit: the call ended the process, or could not be stopped in time"
            outcome, size = Outcome(error=error, timed_out=True), 0
        self.bytes_left -= size
        self.seconds_left -= time.monotonic() - began
        if outcome.timed_out or self.seconds_left < 0:
            self.given_up = outcome if outcome.timed_out else TOO_SLOW
        return outcome
