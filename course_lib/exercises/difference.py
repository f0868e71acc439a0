"""How an outcome differs from what is right: in its value, in its form, or in what it changed."""

from __future__ import annotations

from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises.case import Case
from course_lib.exercises.comparison import Comparison
from course_lib.exercises.exercise import Exercise
from course_lib.exercises.outcome import Outcome


def difference(exercise: Exercise, case: Case, got: Outcome, expected: Outcome) -> str | None:
    """Say how an outcome differs from what is right, its value first; ``None`` if it does not."""
    if got.timed_out:
        return "no answer in time"
    if case.raises or got.error:
        if got.error_kind == case.raises:
            return None
        return got.error or f"got a value where {case.raises} was expected"
    return (
        value_difference(exercise, case, got, expected)
        or form_fault(exercise, got)
        or changed_arguments(exercise, got)
    )


def value_difference(exercise: Exercise, case: Case, got: Outcome, expected: Outcome) -> str | None:
    """Say how a value differs from the right one, or misses a challenge's bar."""
    if exercise.challenge and case.truth:
        challenge = exercise.challenge
        return tolerant(lambda value, _: challenge.difference(value, case))(got.value, None)
    return tolerant(exercise.compare)(got.value, expected.value)


def form_fault(exercise: Exercise, got: Outcome) -> str | None:
    """Say why the next cell cannot use what came back, or ``None``."""
    if exercise.returns is None or not isinstance(got.form, dict):
        return None
    return exercise.returns.fault(got.form)


def changed_arguments(exercise: Exercise, got: Outcome) -> str | None:
    """Say which arguments a call changed, or ``None``."""
    if exercise.changes_arguments or not got.changed:
        return None
    return f"your function changed {' and '.join(f'`{name}`' for name in got.changed)}"


def tolerant(compare: Comparison) -> Comparison:
    """Return a comparison that survives whatever form a stranger's value has.

    Raises ``CourseError`` where the comparison fails on the right answer too.

    >>> tolerant(lambda got, expected: None if got > expected else "less")({}, 3)
    'got a value of another form (TypeError)'
    """

    def compared(got: Any, expected: Any) -> str | None:
        try:
            return compare(got, expected)
        except Exception as error:  # whose fault it is, the right answer shows
            if expected is not None:
                _refuse_broken(compare, expected, error)
            return f"got a value of another form ({type(error).__name__})"

    return compared


def _refuse_broken(compare: Comparison, expected: Any, error: Exception) -> None:
    try:
        compare(expected, expected)
    except Exception:
        raise CourseError("an exercise's comparison", got=repr(error)) from error
