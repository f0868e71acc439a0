"""The example on a card: the smallest failing case, as rows of a name and a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course_lib.exercises.picture import as_gap, as_image, is_picture
from course_lib.exercises.showing import argument_names, first_difference, shown
from course_lib.exercises.verdict import Failure, Verdict

SECRET = ("predict", "order")
"""Kinds whose right answer a card must not show."""
IN_WORDS = ("vectorise", "challenge")
"""Kinds whose values are long or counted, so that the difference alone says more."""


@dataclass(frozen=True)
class Row:
    """One line of the example: its name, its value as text, and as an image where it is one."""

    name: str
    text: str
    image: str = ""
    wraps: bool = False


def example(verdict: Verdict) -> list[Row]:
    """Return the rows that show the smallest failing case; none where nothing failed."""
    failure = verdict.failure
    if failure is None:
        return []
    kind = verdict.exercise.kind
    rows = _arguments(verdict, failure)
    place = first_difference(failure.got.value, failure.expected)
    if kind not in (*SECRET, *IN_WORDS):
        expected = failure.case.raises or shown(failure.expected, place)
        rows.append(Row("expected", expected, _image(verdict, "expected", failure.expected)))
    if failure.got.error or kind not in IN_WORDS:
        rows += _got(verdict, failure, shown(failure.got.value, place))
    says_more = failure.difference not in (
        f"got {shown(failure.got.value)}, expected {shown(failure.expected)}", ""
    )  # fmt: skip
    if says_more and not failure.got.error and kind not in SECRET:
        rows.append(Row("that is", failure.difference, wraps=True))
    return rows


def _arguments(verdict: Verdict, failure: Failure) -> list[Row]:
    names = argument_names(verdict.exercise.reference_object())
    values = [
        (names[place] if place < len(names) else f"argument {place + 1}", value)
        for place, value in enumerate(failure.case.arguments)
    ]
    values += failure.case.keywords.items()
    return [Row(name, shown(value), _image(verdict, name, value)) for name, value in values]


def _got(verdict: Verdict, failure: Failure, value: str) -> list[Row]:
    got = failure.got
    if got.error:
        rows = [Row("got", got.error.removesuffix(": "), wraps=True)]
        told = got.line and got.error_kind != "NotImplementedError"
        return [*rows, Row("in the line", got.line)] if told else rows
    rows = [Row("got", value, _image(verdict, "expected", got.value))]
    both = [thing for thing in (got.value, failure.expected) if is_picture(thing)]
    if rows[0].image and len(both) == 2 and both[0].shape == both[1].shape:
        rows.append(Row("difference", "lighter where it is larger", as_gap(*both)))
    return rows


def _image(verdict: Verdict, name: str, value: Any) -> str:
    wanted = name in verdict.exercise.pictures and is_picture(value)
    return as_image(value, name) if wanted else ""
