"""Judging an answer by what it returns: the same lines for the visible check and the grader.

The judge draws the cases, asks the answer for each (in this process or in another: it does not
know), compares each value with the reference's, gives points by aspect, and looks for a known
mistake that behaves the same.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises.exercise import Case, Exercise, Mistake, resolve
from course_lib.exercises.symptoms import symptom
from course_lib.exercises.values import plain

PUBLIC_SEED = 0
"""The seed of the visible check. The graded check uses one that the course keeps to itself."""

GRADED_ROUNDS = 3
"""How many times the graded check draws its cases anew."""


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a plain value, or the error that ended it (``"TypeError: …"``)."""

    value: Any = None
    error: str | None = None
    timed_out: bool = False

    @property
    def error_kind(self) -> str | None:
        """The name of the error's class."""
        return self.error.partition(":")[0] if self.error else None


@dataclass(frozen=True)
class Failure:
    """The smallest case that an answer got wrong."""

    case: Case
    expected: Any
    got: Outcome
    difference: str


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth, and what there is to say about it."""

    exercise: Exercise
    aspects: tuple[tuple[str, bool], ...]
    failure: Failure | None
    mistake: Mistake | None
    cases: int

    @property
    def passed(self) -> bool:
        """Whether every aspect is right."""
        return all(right for _, right in self.aspects)

    @property
    def max_points(self) -> int | float:
        """The points that a right answer gets."""
        return self.exercise.points

    @property
    def points(self) -> int | float:
        """The points earned: each aspect counts the same."""
        right = sum(right for _, right in self.aspects)
        return round(self.exercise.points * right / len(self.aspects), 4)

    @property
    def diagnosis(self) -> str | None:
        """What the learner seems to have believed, and what is true."""
        if self.mistake:
            return self.mistake.diagnosis
        return symptom(self.failure.got, self.failure.expected) if self.failure else None

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON can carry it, without any case, value or secret."""
        return {
            "exercise": self.exercise.name,
            "points": self.points,
            "max_points": self.max_points,
            "passed": self.passed,
            "aspects": dict(self.aspects),
            "mistake": self.mistake.name if self.mistake else None,
            "diagnosis": self.diagnosis,
            "cases": self.cases,
        }


def judge(
    exercise: Exercise, answer: Callable[[Case], Outcome], seed: int = PUBLIC_SEED, rounds: int = 1
) -> Verdict:
    """Judge an answer over the cases of ``seed``, drawn ``rounds`` times.

    ``answer`` is asked for each case once, smallest first, and never again after it has timed out.
    Raises ``CourseError`` when the exercise's own reference fails: that is the course's fault and
    nobody's zero.
    """
    return judge_answers(exercise, ask(exercise, answer, seed, rounds), seed, rounds)


def ask(
    exercise: Exercise, answer: Callable[[Case], Outcome], seed: int = PUBLIC_SEED, rounds: int = 1
) -> list[Outcome]:
    """Return what the answer gives for each case, to be judged later by ``judge_answers``."""
    cases, _ = prepared(exercise, seed, rounds)
    answers: list[Outcome] = []
    for case in cases:
        stopped = bool(answers) and answers[-1].timed_out
        answers.append(answers[-1] if stopped else answer(case))
    return answers


def judge_answers(
    exercise: Exercise, got: list[Outcome], seed: int = PUBLIC_SEED, rounds: int = 1
) -> Verdict:
    """Judge what an answer gave for the cases of ``seed``, in their order."""
    cases, expected = prepared(exercise, seed, rounds)
    compare = exercise.compare
    differences = [_difference(*row, compare) for row in zip(cases, got, expected, strict=True)]
    aspects = {case.aspect: True for case in cases}
    for case, difference in zip(cases, differences, strict=True):
        aspects[case.aspect] &= difference is None
    wrong = next((index for index, difference in enumerate(differences) if difference), None)
    failure = mistake = None
    if wrong is not None:
        failure = Failure(cases[wrong], expected[wrong].value, got[wrong], differences[wrong] or "")
        mistake = _recognise(exercise, cases, got, first=wrong)
    return Verdict(exercise, tuple(aspects.items()), failure, mistake, len(cases))


@lru_cache(maxsize=256)
def prepared(exercise: Exercise, seed: int, rounds: int) -> tuple[list[Case], list[Outcome]]:
    """Return the cases and the reference's answers: worked out once for all learners of a class."""
    cases = exercise.draw(seed, rounds)
    if not cases:
        raise CourseError(f"the exercise {exercise.name}", expected="at least one case", got="none")
    return cases, [_expected(exercise, case) for case in cases]


def outcome(thing: Any, exercise: Exercise, case: Case) -> Outcome:
    """Put ``thing`` through the exercise's probe in this process, on arguments of its own."""
    private = copy.deepcopy(case)
    try:
        return Outcome(plain(exercise.probe(thing, private)))
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {error}")


def _expected(exercise: Exercise, case: Case) -> Outcome:
    expected = outcome(exercise.reference_object(), exercise, case)
    if expected.error_kind != case.raises:
        raise CourseError(
            f"the reference of {exercise.name}, on {case.aspect!r}",
            expected=case.raises or "a value",
            got=expected.error or "a value",
            remedy="the exercise is broken, not the answer: tell whoever keeps the course",
        )
    return expected


def _difference(
    case: Case, got: Outcome, expected: Outcome, compare: Callable[[Any, Any], str | None]
) -> str | None:
    if got.timed_out:
        return "no answer in time"
    if case.raises or got.error:
        if got.error_kind == case.raises:
            return None
        return got.error or f"got a value where {case.raises} was expected"
    return compare(got.value, expected.value)


def _recognise(
    exercise: Exercise, cases: list[Case], got: list[Outcome], first: int
) -> Mistake | None:
    """Return the first mistake that gives the same answers on every case."""
    order = [first, *(index for index in range(len(cases)) if index != first)]
    for mistake in exercise.mistakes:
        thing = resolve(mistake.implementation)
        if all(_alike(exercise, got[i], outcome(thing, exercise, cases[i])) for i in order):
            return mistake
    return None


def _alike(exercise: Exercise, got: Outcome, wrong: Outcome) -> bool:
    if got.error or wrong.error or got.timed_out:
        return got.error_kind == wrong.error_kind and not got.timed_out
    return (exercise.alike or exercise.compare)(got.value, wrong.value) is None
