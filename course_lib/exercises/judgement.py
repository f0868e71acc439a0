"""Judging an answer by what it returns: the same lines for the visible check and the grader.

The judge draws the cases, asks the answer for each (in this process or in another: it does not
know), compares each value with the reference's, gives points by aspect, and looks for a known
mistake that behaves the same.
"""

from __future__ import annotations

from course_lib.exercises.asking import PUBLIC_SEED, Answer, ask, prepared, repeated
from course_lib.exercises.beliefs import believed
from course_lib.exercises.difference import difference, tolerant
from course_lib.exercises.exercise import Exercise
from course_lib.exercises.outcome import Outcome
from course_lib.exercises.recognition import Judged, recognised
from course_lib.exercises.verdict import Failure, Verdict

MOVED = "another answer when asked again"


def judge(exercise: Exercise, answer: Answer, seed: int = PUBLIC_SEED, rounds: int = 1) -> Verdict:
    """Judge an answer over the cases of ``seed``, drawn ``rounds`` times.

    Raises ``CourseError`` when the exercise's own reference fails: that is the course's fault and
    nobody's zero.
    """
    return judge_answers(exercise, ask(exercise, answer, seed, rounds), seed, rounds)


def judge_answers(
    exercise: Exercise, answers: list[Outcome], seed: int = PUBLIC_SEED, rounds: int = 1
) -> Verdict:
    """Judge what ``ask`` returned for the cases of ``seed`` and their repeats."""
    judged = _compared(exercise, answers, seed, rounds)
    aspects = {case.aspect: True for case in judged.cases}
    for case, found in zip(judged.cases, judged.differences, strict=True):
        aspects[case.aspect] &= found is None
    scored, count = tuple(aspects.items()), len(judged.cases)
    if not judged.wrong:
        return Verdict(exercise, scored, None, None, count)
    known = recognised(judged)
    belief = None if known and not known.partly else believed(judged)
    if known is None or (known.partly and belief and belief.name):
        return Verdict(exercise, scored, _failure(judged), None, count, belief=belief)
    return Verdict(exercise, scored, _failure(judged), known.mistake, count, known.partly)


def _compared(exercise: Exercise, answers: list[Outcome], seed: int, rounds: int) -> Judged:
    cases, expected = prepared(exercise, seed, rounds)
    got, again = answers[: len(cases)], answers[len(cases) :]
    rows = zip(cases, got, expected, strict=True)
    differences = [difference(exercise, *row) for row in rows]
    places = zip(repeated(exercise, len(cases)), again, strict=True)
    moved = tuple(place for place, other in places if _moved(exercise, got[place], other))
    for place in moved:
        differences[place] = differences[place] or MOVED
    return Judged(exercise, seed, rounds, got, differences, moved)


def _moved(exercise: Exercise, first: Outcome, again: Outcome) -> bool:
    """Whether an answer gave something else when it was asked again."""
    if first.timed_out or again.timed_out:
        return False
    if first.error or again.error:
        return first.error_kind != again.error_kind
    return tolerant(exercise.alike or exercise.compare)(again.value, first.value) is not None


def _failure(judged: Judged) -> Failure:
    first = judged.wrong[0]
    return Failure(
        judged.cases[first], judged.expected[first].value, judged.got[first],
        judged.differences[first] or "",
    )  # fmt: skip
