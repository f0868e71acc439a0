"""The engine: from a submission, its source and a seed to points, each from values alone.

It is a function of its arguments: nothing is read from the gradebook or written to it, and its
result is plain data, so that it may run on any machine that has the course.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from course_lib.exercises import PUBLIC_SEED, Verdict, find
from course_lib.exercises.asking import GRADED_ROUNDS, ask, prepared
from course_lib.exercises.judgement import judge_answers
from course_lib.grading.isolation import ForkServer
from course_lib.grading.judging import feedback
from course_lib.grading.judging.playing import ENDED, Asker, Play
from course_lib.grading.judging.rebuild import Rebuilt, Step
from course_lib.grading.judging.source import HIDDEN


@dataclass(frozen=True)
class Score:
    """What one grade cell is worth, where ``None`` points ask for a person, and what to say of it.

    ``summary`` is the verdict as JSON can carry it, without a secret; ``text`` and ``page`` are for
    the learner.
    """

    points: float | None
    max_points: float
    summary: dict[str, Any] | None = None
    text: str = ""
    page: str = ""


@dataclass
class NotebookResult:
    """Everything that grading one notebook of one learner found out."""

    scores: dict[str, Score] = field(default_factory=dict)
    outputs: dict[int, str] = field(default_factory=dict)
    images: dict[int, list[bytes]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    level: str = ""
    seconds: float = 0.0
    has_own_texts: bool = False

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

    The visible cases of all exercises come before the first secret one: what is told of them cannot
    hold anything that was learnt from secret inputs. What the course must work out itself, right
    answers before and mistakes to compare with after, takes none of the learner's time. Raises
    ``CourseError`` where the sandbox or an exercise itself fails: our failure is nobody's zero.
    """
    began = time.monotonic()
    checks = [step for step in rebuilt.steps if step.cell.role == "check"]
    exercises = [find(step.cell.exercise or "") for step in checks]
    draws = ((PUBLIC_SEED, 1), (seed, GRADED_ROUNDS))
    for exercise, draw in product(exercises, draws):
        prepared(exercise, *draw)
    play = Play(rebuilt.steps, server)
    askers = [Asker(play, exercise, server.limits) for exercise in exercises]
    try:
        play.worker()
        result = NotebookResult(_other_scores(play), notes=list(rebuilt.notes))
        result.has_own_texts = rebuilt.has_own_texts
        asked = [[ask(asker.exercise, asker, *draws[0]) for asker in askers]]
        result.outputs, result.errors = dict(play.outputs), dict(play.errors)
        result.images = dict(play.images)
        asked.append([ask(asker.exercise, asker, *draws[1]) for asker in askers])
    finally:
        play.close()
    visible, secret = (
        [judge_answers(*pair, *draw) for pair in zip(exercises, answers, strict=True)]
        for answers, draw in zip(asked, draws, strict=True)
    )
    for step, one, other in zip(checks, secret, visible, strict=True):
        result.scores[step.cell.grade_id or ""] = _score(one, other)
    result.notes += _remarks(rebuilt.steps, result.errors)
    result.level, result.seconds = str(server.level), time.monotonic() - began
    return result


def _score(secret: Verdict, visible: Verdict) -> Score:
    text, page = feedback.described(secret, visible)
    points, most = float(secret.points), float(secret.max_points)
    return Score(points, most, feedback.summary(secret, visible), text, page)


def _other_scores(play: Play) -> dict[str, Score]:
    """Score the instructor's own cells, and leave answers in words to a person."""
    scores = {}
    for number, step in enumerate(play.steps):
        cell = step.cell
        if cell.role == "manual":
            scores[cell.grade_id or ""] = Score(None, cell.points)
        elif cell.role == "test":
            ran = number in play.reached
            error = play.errors.get(number) or ("" if ran else "it could not be run")
            points = 0.0 if error else _credit(play.values.get(number), cell.points)
            told = feedback.beside(_without_hidden(play, number, error))
            scores[cell.grade_id or ""] = Score(points, cell.points, None, *told)
    return scores


def _without_hidden(play: Play, number: int, error: str) -> str:
    """Return what may be told of a test's error, and drop what else was said in hidden tests."""
    source = play.steps[number].source
    visible = HIDDEN.sub("", source)
    if visible == source:
        return error
    kind, _, words = error.partition(": ")
    play.outputs.pop(number, None)
    if number in play.errors and not (words and words in visible):
        error = play.errors[number] = kind
    return error


def _credit(value: float | None, points: float) -> float:
    return points if value is None or not 0 <= value <= points else value


def _remarks(steps: list[Step], errors: dict[int, str]) -> list[str]:
    ended = [number for number, error in sorted(errors.items()) if error == ENDED]
    return [f"the cell {steps[n].cell.grade_id or f'number {n + 1}'} ended the process, or took "
            "too long: the others were run without it" for n in ended]  # fmt: skip
