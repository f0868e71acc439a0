"""A learner's session: check an answer, ask for a hint, go on with what works."""

from __future__ import annotations

import textwrap
from typing import Any, TypeVar

from course_lib.exercises import PUBLIC_SEED, Outcome, Verdict, find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.card import as_html, as_text, headline
from course_lib.exercises.case import Case
from course_lib.exercises.exercise import Exercise
from course_lib.notebook.progress import KeptProgress, ProgressTable, progress_table
from course_lib.notebook.time_limit import TimeLimitReached, time_limit

Object = TypeVar("Object")
SECONDS_A_CALL = 5.0


class CheckFailed(AssertionError):  # noqa: N818 - what a learner reads is no error yet
    """An answer is not right yet; shows its card and none of the course's own frames."""

    def __init__(self, verdict: Verdict, shown: bool) -> None:
        super().__init__(as_text(verdict))
        self.verdict, self.shown = verdict, shown

    def _render_traceback_(self) -> list[str]:
        return [headline(self.verdict) if self.shown else str(self)]


class Session:
    """What ``start`` returns: the learner's side of every exercise."""

    def __init__(
        self, chapter: str, *, device: str, quick: bool, progress: KeptProgress | None = None
    ):
        self.chapter, self.device, self.quick = chapter, device, quick
        self._progress = progress or KeptProgress()

    def check(self, name: str, answer: Any) -> None:
        """Check ``answer`` on the visible cases and show a card; raises ``CheckFailed``."""
        exercise = find(name)
        verdict = _judged(exercise, answer)
        self._progress.record(name, verdict.points, verdict.max_points)
        shown = _show(as_text(verdict), as_html(verdict), text_too=verdict.passed)
        if not verdict.passed:
            raise CheckFailed(verdict, shown)

    def use(self, name: str, answer: Object) -> Object:
        """Return ``answer`` if it passes the visible check, else the course's own; say which."""
        exercise = find(name)
        if _judged(exercise, answer).passed:
            print(f"{name}: yours")
            return answer
        print(f"{name}: the course's own, until yours passes")
        reference: Object = exercise.reference_object()
        return reference

    def hint(self, name: str) -> None:
        """Show the next hint of the ladder."""
        hints = find(name).hints
        number = self._progress.open_hint(name, len(hints))
        rung = f"Hint {number} of {len(hints)}: "
        print(textwrap.fill(hints[number - 1], 100, initial_indent=rung, subsequent_indent="  "))

    def progress(self) -> ProgressTable:
        """Return how far you are in every chapter."""
        return progress_table(self._progress)

    def pick(self, *, quick: Object, cpu: Object, gpu: Object) -> Object:
        """Return the size that fits: the smallest in quick mode, else the one for the device."""
        if self.quick:
            return quick
        return cpu if self.device == "cpu" else gpu


def _judged(exercise: Exercise, answer: Any) -> Verdict:
    def answered(case: Case) -> Outcome:
        try:
            with time_limit(SECONDS_A_CALL):
                return outcome(answer, exercise, case, by_hand=True)
        except TimeLimitReached:
            error = f"TimeoutError: more than {SECONDS_A_CALL:g} s"
            return Outcome(error=error, timed_out=True, seconds=SECONDS_A_CALL)

    return judge(exercise, answered, seed=PUBLIC_SEED)


def _show(text: str, page: str, text_too: bool) -> bool:
    """Show a card as HTML in a notebook, elsewhere as text where no error will carry it."""
    import sys

    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        from IPython.display import display

        display({"text/plain": text, "text/html": page}, raw=True)  # type: ignore[no-untyped-call]
        return True
    if text_too:
        print(text)
    return False
