"""Auditing an exercise: is what is right passed, what is wrong rejected, each mistake named?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from course_lib.errors import CourseError
from course_lib.exercises.asking import ask, mistaken, outcome, prepared, repeated
from course_lib.exercises.difference import changed_arguments
from course_lib.exercises.exercise import Exercise, resolve
from course_lib.exercises.judgement import judge_answers
from course_lib.exercises.verdict import Verdict

LEAST_MISTAKES, HINTS = 3, 3
LEAST_ALTERNATIVES = {"write": 2, "vectorise": 2, "debug": 1, "challenge": 1}


def _unwritten(*arguments: Any, **keywords: Any) -> Any:
    raise NotImplementedError


def _nothing(*arguments: Any, **keywords: Any) -> None:
    return None


STUBS = {"a stub that raises": _unwritten, "a stub that returns None": _nothing}
ODD_ANSWERS = (2**100, {"a": 1}, "text", [[1], [2, 3]], float("nan"))
"""Answers of any form, which must be rejected without an error of ours."""


@dataclass(frozen=True)
class Audit:
    """What was found of one exercise: the faults, and which mistake fails which aspect."""

    exercise: Exercise
    faults: tuple[str, ...]
    failed_aspects: dict[str, frozenset[str]]
    aspects: tuple[str, ...]
    seeds: int

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

    The reference and each alternative must pass and leave their arguments alone; each stub must get
    nothing, and neither must a wrapper of a call that the exercise does not allow; each mistake
    must be rejected and recognised by its own name; each aspect must be failed by some mistake.
    """
    faults = [*_faults_of_form(exercise), *_faults_of_any_seed(exercise)]
    failed: dict[str, frozenset[str]] = {mistake.name: frozenset() for mistake in exercise.mistakes}
    aspects: dict[str, None] = {}
    seeds = list(seeds)
    for seed in seeds:
        try:
            aspects.update(dict.fromkeys(case.aspect for case in prepared(exercise, seed, 1)[0]))
            faults += _faults_of_seed(exercise, seed, failed)
        except CourseError as error:
            faults.append(f"seed {seed}: {error}")
    untested = [name for name in aspects if not any(name in wrong for wrong in failed.values())]
    faults += [f"no mistake fails the aspect {name!r}" for name in untested]
    return Audit(exercise, tuple(dict.fromkeys(faults)), failed, tuple(aspects), len(seeds))


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
    if len(exercise.alternatives) < (least := LEAST_ALTERNATIVES.get(exercise.kind, 0)):
        faults.append(f"{len(exercise.alternatives)} alternatives, at least {least} are needed")
    if exercise.returns is None and exercise.kind in LEAST_ALTERNATIVES:
        faults.append("it does not say what is returned")
    return faults


def _faults_of_any_seed(exercise: Exercise) -> list[str]:
    """Try, on the public seed, what must never earn a point: odd answers, and forbidden calls."""
    faults = []
    for odd in ODD_ANSWERS:
        if _judged(exercise, lambda *_, odd=odd, **__: odd).passed:
            faults.append(f"the answer {odd!r} passes")
    for name in exercise.not_by:
        wrapper = wrapper_of(name)
        if wrapper and _judged(exercise, wrapper, by_hand=True).points:
            faults.append(f"a wrapper of {name} gets points")
    return faults


def wrapper_of(name: str) -> Callable[..., Any] | None:
    """Return a one-line function of nobody's file that calls what ``name`` names.

    >>> wrapper_of("math:sqrt")(9.0)
    3.0
    """
    module, _, path = name.partition(":")
    source = (
        f"import {module}\n"
        f"def wrapper(*arguments, **keywords): return {module}.{path}(*arguments, **keywords)"
    )
    names: dict[str, Any] = {}
    try:
        exec(compile(source, "<one line>", "exec"), names)
    except ImportError:
        return None
    wrapper: Callable[..., Any] = names["wrapper"]
    return wrapper


def _faults_of_seed(exercise: Exercise, seed: int, failed: dict[str, frozenset[str]]) -> list[str]:
    cases, expected = prepared(exercise, seed, 1)
    faults = [
        f"seed {seed}: the reference, on {case.aspect!r}: {changed_arguments(exercise, right)}"
        for case, right in zip(cases, expected, strict=True)
        if changed_arguments(exercise, right)
    ]
    right_answers = {"the reference": exercise.reference_object()}
    for number, alternative in enumerate(exercise.alternatives):
        thing = resolve(alternative)
        right_answers[f"the alternative {getattr(thing, '__name__', number)}"] = thing
    for name, answer in right_answers.items():
        verdict = _judged(exercise, answer, seed, by_hand=name != "the reference")
        if verdict.failure:
            aspect, words = verdict.failure.case.aspect, verdict.failure.difference
            faults.append(f"seed {seed}: {name} fails {aspect!r}: {words}")
    for stub_name, stub in STUBS.items():
        if _judged(exercise, stub, seed).points:
            faults.append(f"seed {seed}: {stub_name} gets points")
    return faults + _faults_of_mistakes(exercise, seed, failed)


def _faults_of_mistakes(
    exercise: Exercise, seed: int, failed: dict[str, frozenset[str]]
) -> list[str]:
    faults = []
    count = len(prepared(exercise, seed, 1)[0])
    for number, mistake in enumerate(exercise.mistakes):
        answers = [mistaken(exercise, seed, 1, number, place) for place in range(count)]
        again = [answers[place] for place in repeated(exercise, count)]
        verdict = judge_answers(exercise, [*answers, *again], seed)
        failed[mistake.name] |= {name for name, right in verdict.aspects if not right}
        if verdict.passed:
            faults.append(f"seed {seed}: the mistake {mistake.name!r} passes")
        elif verdict.mistake is not mistake or verdict.partly:
            named = verdict.named or "nothing"
            faults.append(f"seed {seed}: the mistake {mistake.name!r} is taken for {named!r}")
    return faults


def _judged(exercise: Exercise, answer: Any, seed: int = 0, by_hand: bool = False) -> Verdict:
    answers = ask(exercise, lambda case: outcome(answer, exercise, case, by_hand), seed)
    return judge_answers(exercise, answers, seed)
