"""An exercise as a value: its cases, its reference, and the mistakes that it recognises."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from course_lib.errors import InputError
from course_lib.exercises.case import Case
from course_lib.exercises.challenge import Challenge
from course_lib.exercises.comparison import Comparison, exactly
from course_lib.exercises.probes import call
from course_lib.exercises.returned import Returned

Kind = Literal["write", "debug", "predict", "vectorise", "order", "challenge"]
Probe = Callable[[Any, Case], Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what to say to whoever gives it.

    ``implementation`` is the wrong object itself, or ``"module:attribute"`` to resolve when it is
    needed.
    """

    name: str
    implementation: Any
    diagnosis: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """Something to write, and all that is needed to judge it by the values that it returns.

    ``reference`` is ``"module:attribute"``, resolved when first needed and absent where a
    stranger's answer runs. ``cases`` draws cases from a generator, smallest first. ``probe`` runs
    beside the learner's object and turns a case into a value; ``compare`` says how two values
    differ, or ``None``. ``returns`` says which forms of value the next cell can use.
    ``alternatives`` are other right answers, which the audit holds to full points on every seed.
    ``not_by`` names the calls that would be the answer (see ``by_hand``). ``alike`` decides whether
    an answer behaves like a mistake, where ``compare`` is too generous or too strict for that; a
    ``challenge`` is judged by what it reaches. ``pictures`` names the arguments, and
    ``"expected"`` for the result, that a card shows as images. ``changes_arguments`` says that the
    answer is asked to.
    """

    name: str
    points: int | float
    reference: str
    cases: Callable[[np.random.Generator], Iterable[Case]]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    difficulty: int
    minutes: int
    kind: Kind = "write"
    probe: Probe = call
    compare: Comparison = exactly
    returns: Returned | None = None
    alternatives: tuple[Any, ...] = ()
    not_by: tuple[str, ...] = ()
    alike: Comparison | None = None
    challenge: Challenge | None = None
    changes_arguments: bool = False
    pictures: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()

    @property
    def probe_name(self) -> str:
        """Where a worker finds the probe: ``"module:function"``."""
        return f"{self.probe.__module__}:{self.probe.__qualname__}"

    @property
    def withheld_modules(self) -> tuple[str, ...]:
        """The modules that hold the answer, and so are absent where a stranger's answer runs."""
        return (self.reference.partition(":")[0], *self.withhold)

    def reference_object(self) -> Any:
        """Return the course's own answer."""
        return resolve(self.reference)

    def draw(self, seed: int, rounds: int = 1) -> list[Case]:
        """Return the cases that ``seed`` gives: the same seed, the same cases.

        Raises ``InputError`` for a negative seed or fewer than one round.
        """
        if seed < 0 or rounds < 1:
            raise InputError(
                "the cases", expected="a seed ≥ 0 and at least one round", got=(seed, rounds)
            )
        name = zlib.crc32(self.name.encode())
        generators = (np.random.default_rng([seed, name, number]) for number in range(rounds))
        return [case for generator in generators for case in self.cases(generator)]


def resolve(thing: Any) -> Any:
    """Return what ``"module:attribute"`` names, and anything else unchanged.

    >>> resolve("math:sqrt")(9)
    3.0
    >>> resolve(("not", "a", "name"))
    ('not', 'a', 'name')
    """
    if not (isinstance(thing, str) and ":" in thing and thing.startswith(("course_lib.", "math:"))):
        return thing
    module, _, attribute = thing.partition(":")
    return getattr(importlib.import_module(module), attribute)
