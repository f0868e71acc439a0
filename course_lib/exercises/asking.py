"""Asking: the cases of a seed, the reference's answers to them, and an answer's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises.case import Case
from course_lib.exercises.exercise import Exercise
from course_lib.exercises.outcome import Outcome
from course_lib.exercises.trying import tried

PUBLIC_SEED = 0
"""The seed of the visible check. The graded check uses one that the course keeps to itself."""

GRADED_ROUNDS = 3
"""How many times the graded check draws its cases anew."""

Answer = Callable[[Case], Outcome]


@lru_cache(maxsize=256)
def prepared(exercise: Exercise, seed: int, rounds: int) -> tuple[list[Case], list[Outcome]]:
    """Return the cases and the reference's answers: worked out once for all learners of a class.

    Raises ``CourseError`` when the reference fails: that is the course's fault and nobody's zero.
    """
    cases = exercise.draw(seed, rounds)
    if not cases:
        raise CourseError(f"the exercise {exercise.name}", expected="at least one case", got="none")
    expected: list[Outcome] = []
    for place, case in enumerate(cases):
        expected.append(expected[-1] if _asked_before(cases, place) else _expected(exercise, case))
    return cases, expected


def ask(
    exercise: Exercise, answer: Answer, seed: int = PUBLIC_SEED, rounds: int = 1
) -> list[Outcome]:
    """Return what the answer gives for each case, then for each repeat.

    It is asked smallest case first, and never again after it has timed out.
    """
    cases, _ = prepared(exercise, seed, rounds)
    answers: list[Outcome] = []
    for place, case in enumerate(cases):
        stopped = bool(answers) and answers[-1].timed_out
        answers.append(answers[-1] if stopped or _asked_before(cases, place) else answer(case))
    for place in repeated(exercise, len(cases)):
        answers.append(answers[-1] if answers[-1].timed_out else answer(cases[place]))
    return answers


def repeated(exercise: Exercise, count: int) -> tuple[int, ...]:
    """Return which of so many cases are asked once more, last first.

    An answer that then differs keeps something between calls.

    >>> from course_lib.exercises import find
    >>> repeated(find("softmax"), 9)
    (8, 4, 0)
    """
    if exercise.kind == "challenge":
        return ()
    return tuple(dict.fromkeys((count - 1, count // 2, 0)))


def outcome(thing: Any, exercise: Exercise, case: Case, by_hand: bool = False) -> Outcome:
    """Put ``thing`` through the exercise's probe in this process, on arguments of its own.

    ``by_hand`` refuses the calls that the exercise asks to be written.
    """
    return tried(thing, exercise.probe, case, exercise.not_by if by_hand else ())


@lru_cache(maxsize=8192)
def mistaken(exercise: Exercise, seed: int, rounds: int, number: int, place: int) -> Outcome:
    """Return what a known mistake gives on a case: worked out once for all learners of a class."""
    from course_lib.exercises.exercise import resolve

    cases, _ = prepared(exercise, seed, rounds)
    if _asked_before(cases, place):
        return mistaken(exercise, seed, rounds, number, place - 1)
    return outcome(resolve(exercise.mistakes[number].implementation), exercise, cases[place])


def _asked_before(cases: list[Case], place: int) -> bool:
    return place > 0 and cases[place].asks_the_same_as(cases[place - 1])


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
