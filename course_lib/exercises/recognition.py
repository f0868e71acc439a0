"""Recognising a mistake: which known wrong answer behaves as this one does?"""

from __future__ import annotations

from dataclasses import dataclass

from course_lib.exercises.asking import mistaken, prepared
from course_lib.exercises.case import Case
from course_lib.exercises.difference import changed_arguments, difference, form_fault, tolerant
from course_lib.exercises.exercise import Exercise, Mistake
from course_lib.exercises.outcome import Outcome


@dataclass(frozen=True)
class Recognised:
    """A mistake that behaves the same: on every case, or partly, which explains the shown one."""

    mistake: Mistake
    partly: bool


@dataclass(frozen=True)
class Judged:
    """What an answer gave for the cases of a draw, what is right, and how they differ."""

    exercise: Exercise
    seed: int
    rounds: int
    got: list[Outcome]
    differences: list[str | None]
    moved: tuple[int, ...] = ()

    @property
    def cases(self) -> list[Case]:
        """The cases of the draw."""
        return prepared(self.exercise, self.seed, self.rounds)[0]

    @property
    def expected(self) -> list[Outcome]:
        """What the reference gives for them."""
        return prepared(self.exercise, self.seed, self.rounds)[1]

    @property
    def wrong(self) -> list[int]:
        """The places of the cases that went wrong, smallest first."""
        return [place for place, found in enumerate(self.differences) if found]


def recognised(judged: Judged) -> Recognised | None:
    """Return the mistake that gives the same answers, else the one that explains most of them.

    A mistake explains an answer in part where it gives the same wrong value on the shown case and
    on half of the wrong ones, and is wrong on no case that the answer has right: then it may be one
    of two faults. Where two mistakes explain equally much, none is named.
    """
    first, *others = judged.wrong
    order = [first, *(place for place in range(len(judged.got)) if place != first)]
    partial: list[tuple[int, Mistake]] = []
    for number, mistake in enumerate(judged.exercise.mistakes):
        if not _same(judged, number, first):
            continue
        if all(_same(judged, number, place) for place in order):
            return Recognised(mistake, partly=False)
        if not judged.got[first].error and _wrong_only_where(judged, number):
            explained = 1 + sum(_same(judged, number, place) for place in others)
            if 2 * explained >= len(judged.wrong):
                partial.append((explained, mistake))
    partial.sort(key=lambda found: -found[0])
    if not partial or (len(partial) > 1 and partial[0][0] == partial[1][0]):
        return None
    return Recognised(partial[0][1], partly=True)


def alike(exercise: Exercise, got: Outcome, other: Outcome) -> bool:
    """Return whether an outcome is what a mistake gives: the same value, error, and faults."""
    if got.timed_out or other.timed_out:
        return False
    if got.error or other.error:
        return got.error_kind == other.error_kind
    if form_fault(exercise, got) != form_fault(exercise, other):
        return False
    if bool(changed_arguments(exercise, got)) != bool(changed_arguments(exercise, other)):
        return False
    return tolerant(exercise.alike or exercise.compare)(got.value, other.value) is None


def _same(judged: Judged, number: int, place: int) -> bool:
    other = mistaken(judged.exercise, judged.seed, judged.rounds, number, place)
    return alike(judged.exercise, judged.got[place], other)


def _wrong_only_where(judged: Judged, number: int) -> bool:
    """Return whether a mistake is wrong on no case that the answer has right."""
    rows = zip(judged.cases, judged.expected, judged.differences, strict=True)
    return not any(
        difference(
            judged.exercise, case,
            mistaken(judged.exercise, judged.seed, judged.rounds, number, place), expected,
        )
        for place, (case, expected, found) in enumerate(rows)
        if found is None
    )  # fmt: skip
