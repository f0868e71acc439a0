"""A verdict: what an answer is worth, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course_lib.exercises.case import Case
from course_lib.exercises.exercise import Exercise, Mistake
from course_lib.exercises.outcome import Outcome


@dataclass(frozen=True)
class Failure:
    """The smallest case that an answer got wrong."""

    case: Case
    expected: Any
    got: Outcome
    difference: str


@dataclass(frozen=True)
class Belief:
    """What a wrong answer of any function looks like: its name, and what is true instead."""

    name: str
    diagnosis: str


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth, and what there is to say about it.

    ``mistake`` behaves the same as the answer, on every case or, where ``partly``, on the shown one
    and on nothing that is right. ``belief`` is what can be said of any function.
    """

    exercise: Exercise
    aspects: tuple[tuple[str, bool], ...]
    failure: Failure | None
    mistake: Mistake | None
    cases: int
    partly: bool = False
    belief: Belief | None = None

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
    def named(self) -> str | None:
        """The name of the mistake or the belief."""
        found = self.mistake or self.belief
        return found.name if found else None

    @property
    def diagnosis(self) -> str | None:
        """What the learner seems to have believed, and what is true."""
        found = self.mistake or self.belief
        return found.diagnosis if found else None

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON can carry it, without any case, value or secret."""
        return {
            "exercise": self.exercise.name,
            "points": self.points,
            "max_points": self.max_points,
            "passed": self.passed,
            "aspects": dict(self.aspects),
            "mistake": self.named,
            "partly": self.partly,
            "diagnosis": self.diagnosis,
            "cases": self.cases,
        }
