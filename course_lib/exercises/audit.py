"""Auditing an exercise: is what is right passed, what is wrong rejected, each mistake named?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises.exercise import Exercise, resolve
from course_lib.exercises.judgement import Verdict, judge, outcome

LEAST_MISTAKES, HINTS = 3, 3


def _unwritten(*arguments: Any, **keywords: Any) -> Any:
    raise NotImplementedError


def _nothing(*arguments: Any, **keywords: Any) -> None:
    return None


STUBS = {"a stub that raises": _unwritten, "a stub that returns None": _nothing}


@dataclass(frozen=True)
class Audit:
    """What was found of one exercise: the faults, and which mistake fails which aspect."""

    exercise: Exercise
    faults: tuple[str, ...]
    failed_aspects: dict[str, frozenset[str]]
    aspects: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as JSON can carry it."""
        failed = {name: sorted(aspects) for name, aspects in self.failed_aspects.items()}
        return {
            "exercise": self.exercise.name,
            "faults": list(self.faults),
            "aspects": list(self.aspects),
            "mistakes": failed,
        }


def audit(exercise: Exercise, seeds: Iterable[int] = range(20)) -> Audit:
    """Audit one exercise over several seeds.

    The reference must pass; each stub must get nothing; each mistake must be rejected and
    recognised by its own name; each aspect must be failed by some mistake.
    """
    faults = _faults_of_form(exercise)
    failed: dict[str, frozenset[str]] = {mistake.name: frozenset() for mistake in exercise.mistakes}
    aspects: dict[str, None] = {}
    for seed in seeds:
        try:
            aspects.update(dict.fromkeys(case.aspect for case in exercise.draw(seed)))
            faults += _faults_of_seed(exercise, seed, failed)
        except CourseError as error:
            faults.append(f"seed {seed}: {error}")
    untested = [name for name in aspects if not any(name in wrong for wrong in failed.values())]
    faults += [f"no mistake fails the aspect {name!r}" for name in untested]
    return Audit(exercise, tuple(dict.fromkeys(faults)), failed, tuple(aspects))


def _faults_of_form(exercise: Exercise) -> list[str]:
    faults = []
    if len(exercise.mistakes) < LEAST_MISTAKES:
        faults.append(f"{len(exercise.mistakes)} mistakes, at least {LEAST_MISTAKES} are needed")
    if len(exercise.hints) != HINTS:
        faults.append(f"{len(exercise.hints)} hints, {HINTS} are needed")
    if not (1 <= exercise.difficulty <= 5 and exercise.minutes > 0 and exercise.points > 0):
        faults.append("difficulty is 1 to 5, minutes and points are positive")
    if len({mistake.name for mistake in exercise.mistakes}) < len(exercise.mistakes):
        faults.append("two mistakes share a name")
    return faults


def _faults_of_seed(exercise: Exercise, seed: int, failed: dict[str, frozenset[str]]) -> list[str]:
    faults = []
    if not _judged(exercise, exercise.reference_object(), seed).passed:
        faults.append(f"seed {seed}: the reference fails")
    for stub_name, stub in STUBS.items():
        if _judged(exercise, stub, seed).points:
            faults.append(f"seed {seed}: {stub_name} gets points")
    for mistake in exercise.mistakes:
        verdict = _judged(exercise, resolve(mistake.implementation), seed)
        failed[mistake.name] |= {name for name, right in verdict.aspects if not right}
        if verdict.passed:
            faults.append(f"seed {seed}: the mistake {mistake.name!r} passes")
        elif verdict.mistake is not mistake:
            name = verdict.mistake.name if verdict.mistake else "nothing"
            faults.append(f"seed {seed}: the mistake {mistake.name!r} is taken for {name!r}")
    return faults


def _judged(exercise: Exercise, answer: Any, seed: int) -> Verdict:
    return judge(exercise, lambda case: outcome(answer, exercise, case), seed=seed)
