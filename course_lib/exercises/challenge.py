"""Challenges: an answer is judged by what it reaches, beside bars that are worked out beforehand.

The judge draws the items and keeps their labels: a case carries in its ``truth`` what a score needs
and the bar to pass, and neither labels, seed nor number of the draw enter the process in which a
stranger's answer runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_lib.exercises.case import Case


@dataclass(frozen=True)
class Challenge:
    """How to score an answer, and in which words.

    ``score`` gets the answer's value and the case's ``truth``; it returns a number, or words that
    say what is wrong with the answer's form. ``said`` puts a score into words. A case's ``truth``
    holds the ``bar``, a name, and its ``limit``; a case without a truth is compared with the
    reference instead.

    >>> share = Challenge(lambda got, truth: sum(got) / truth["of"], "{:.0%} found")
    >>> case = Case("beats guessing").judged_by(of=4, bar="guessing", limit=0.5)
    >>> share.difference([1, 1], case)
    '50% found; guessing: 50% found. Higher is better'
    >>> share.difference([1, 1, 1], case) is None
    True
    """

    score: Callable[[Any, dict[str, Any]], float | str]
    said: str
    higher_is_better: bool = True

    def difference(self, got: Any, case: Case) -> str | None:
        """Say how an answer falls short of its bar, or ``None`` where it passes."""
        reached = self.score(got, case.truth)
        if isinstance(reached, str):
            return reached
        limit = float(case.truth["limit"])
        if reached > limit if self.higher_is_better else reached < limit:
            return None
        better = "Higher" if self.higher_is_better else "Lower"
        here, there = self.said.format(reached), self.said.format(limit)
        return f"{here}; {case.truth['bar']}: {there}. {better} is better"
