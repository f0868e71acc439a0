"""The engine: from a submission, its source and a seed to points, each from values alone.

It is a function of its arguments: nothing is read from the gradebook or written to it, so that it
may run on any machine that has the course.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from course_lib.exercises import PUBLIC_SEED, Outcome, Verdict, find, judge
from course_lib.exercises.exercise import Case, Exercise
from course_lib.exercises.judgement import GRADED_ROUNDS
from course_lib.grading.rebuild import Rebuilt, Step
from course_lib.grading.server import ForkServer, Worker, WorkerDiedError

GIVEN_UP = "TimeoutError: the submission used up its time"


@dataclass
class Score:
    """What one grade cell is worth: ``None`` points ask for a person."""

    points: float | None
    max_points: float
    verdict: Verdict | None = None
    example: Verdict | None = None
    beside_the_code: bool = False
    error: str | None = None


@dataclass
class NotebookResult:
    """Everything that grading one notebook of one learner found out."""

    scores: dict[str, Score] = field(default_factory=dict)
    outputs: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    level: str = ""
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """All points that are certain."""
        return sum(score.points or 0.0 for score in self.scores.values())

    @property
    def max_points(self) -> float:
        """The points that the notebook is worth."""
        return sum(score.max_points for score in self.scores.values())


def grade_notebook(rebuilt: Rebuilt, server: ForkServer, seed: int) -> NotebookResult:
    """Run a rebuilt submission in the server's sandbox and judge every grade cell of it.

    Raises ``ServerError`` where the sandbox itself fails: our failure is never anybody's zero.
    """
    began = time.monotonic()
    result = NotebookResult(notes=list(rebuilt.notes), level=str(server.level))
    run = _Run(rebuilt.steps, server, result, began + server.limits.submission_seconds)
    try:
        for step in rebuilt.steps:
            if step.cell.role == "check":
                result.scores[step.cell.grade_id or ""] = run.judged(step, seed)
        run.settle_tests()
    finally:
        run.close()
    result.seconds = time.monotonic() - began
    return result


class _Run:
    """One submission's run: a worker whose cells have been run, made anew when it dies."""

    def __init__(
        self, steps: list[Step], server: ForkServer, result: NotebookResult, deadline: float
    ) -> None:
        self.steps, self.server, self.result, self.deadline = steps, server, result, deadline
        self.offenders: set[int] = set()
        self.replays = -1
        self.worker: Worker | None = None
        self.values: dict[int, float | bool | int] = {}

    def judged(self, step: Step, seed: int) -> Score:
        """Judge one exercise on secret cases and, where it fails, on the visible ones."""
        exercise = find(step.cell.exercise or "")
        ask = _Asker(self, exercise)
        verdict = judge(exercise, ask, seed, GRADED_ROUNDS)
        example = None
        if not verdict.passed:
            example = judge(exercise, ask, PUBLIC_SEED)
        return Score(verdict.points, exercise.points, verdict, example)

    def settle_tests(self) -> None:
        """Score the instructor's own cells, and leave answers in words to a person."""
        for number, step in enumerate(self.steps):
            cell = step.cell
            if cell.role == "manual":
                self.result.scores[cell.grade_id or ""] = Score(None, cell.points)
            elif cell.role == "test":
                self._ready()
                error = self.result.errors.get(number)
                points = 0.0 if error else self._credit(number, cell.points)
                score = Score(points, cell.points, beside_the_code=True, error=error)
                self.result.scores[cell.grade_id or ""] = score

    def close(self) -> None:
        """End the worker and all that it started."""
        if self.worker:
            self.worker.__exit__(None, None, None)
            self.worker = None

    def _credit(self, number: int, points: float) -> float:
        value = self.values.get(number)
        if value is None or isinstance(value, bool) or not 0 <= value <= points:
            return points
        return float(value)

    def _ready(self) -> Worker | None:
        """Return a worker whose cells have run, or ``None`` when time or patience has run out."""
        while self.worker is None:
            if self.replays >= self.server.limits.replays or time.monotonic() > self.deadline:
                return None
            self.replays += 1
            self.worker = self._played()
        return self.worker

    def _played(self) -> Worker | None:
        worker = self.server.fork()
        self.result.outputs.clear()
        self.values.clear()
        number = 0
        try:
            for number, step in enumerate(self.steps):
                if number not in self.offenders and time.monotonic() < self.deadline:
                    self._play(worker, number, step)
        except WorkerDiedError:
            self.offenders.add(number)
            self.result.errors[number] = "the cell ended the process, or took too long"
            worker.__exit__(None, None, None)
            return None
        return worker

    def _play(self, worker: Worker, number: int, step: Step) -> None:
        cell = step.cell
        if cell.role == "check":
            worker.note(cell.exercise or "", cell.expression or "")
        elif cell.cell_type == "code" and cell.role != "look" and step.source.strip():
            reply = worker.run(step.source)
            self.result.outputs[number] = reply["output"]
            if reply["error"]:
                self.result.errors[number] = reply["error"]
            if reply["value"] is not None:
                self.values[number] = reply["value"]


class _Asker:
    """Puts one exercise's cases to the worker; stops at the first time-out or death."""

    def __init__(self, run: _Run, exercise: Exercise) -> None:
        self.run, self.exercise = run, exercise

    def __call__(self, case: Case) -> Outcome:
        worker = self.run._ready()
        if worker is None:
            return Outcome(error=GIVEN_UP, timed_out=True)
        try:
            return worker.probe(self.exercise, case)
        except WorkerDiedError:
            self.run.close()
            return Outcome(error="SystemExit: the call ended the process", timed_out=True)
