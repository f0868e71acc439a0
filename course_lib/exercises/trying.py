"""Putting an answer through a probe: the same lines in a notebook and in the grader's worker."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import linecache
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from course_lib.exercises.by_hand import is_own, refusing
from course_lib.exercises.form import form_of
from course_lib.exercises.outcome import Outcome
from course_lib.exercises.values import plain

if TYPE_CHECKING:
    from course_lib.exercises.case import Case

FUNCTIONS = types.FunctionType | types.MethodType | types.BuiltinFunctionType | functools.partial  # type: ignore[type-arg]
LINE = 120
"""How many characters of the learner's own line are kept."""


def tried(
    thing: Any, probe: Callable[[Any, Case], Any], case: Case, not_by: tuple[str, ...] = ()
) -> Outcome:
    """Return what ``thing`` gives for a case, on arguments of its own.

    An ``Exception`` of the answer, and its ``SystemExit``, become the outcome's error; what bounds
    its time is a ``BaseException`` and passes.
    """
    private, forms = copy.deepcopy(case), list[Any]()
    watched = _watched(thing, forms)
    began = time.perf_counter()
    with _noting_prints() as printed:
        try:
            with refusing(not_by, thing):
                raw = probe(watched, private)
            form = forms[-1] if forms else form_of(raw)
            found = Outcome(plain(raw), form=form, changed=_changed(case, private, thing))
        except (Exception, SystemExit) as error:
            found = Outcome(error=in_words(error), line=_own_line(error))
    seconds = time.perf_counter() - began
    return Outcome(**{**vars(found), "printed": bool(printed), "seconds": seconds})


def in_words(error: BaseException) -> str:
    """Return ``"TypeError: what it says"``, also where the message cannot be read."""
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be read)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _watched(thing: Any, forms: list[Any]) -> Any:
    """Return ``thing``, or where it is a function one that notes the form of what it returns."""
    if not isinstance(thing, FUNCTIONS):
        return thing

    @functools.wraps(thing)
    def noted(*arguments: Any, **keywords: Any) -> Any:
        value = thing(*arguments, **keywords)
        forms[:] = [form_of(value)]
        return value

    return noted


def _changed(case: Case, private: Case, thing: Any) -> tuple[str, ...]:
    """Return the names of the arguments that are not what they were."""
    from course_lib.exercises.showing import argument_names

    names = argument_names(thing)
    places = zip(case.arguments, private.arguments, strict=True)
    found = [
        names[place] if place < len(names) else f"argument {place + 1}"
        for place, (before, after) in enumerate(places)
        if not _same(before, after)
    ]
    return (*found, *(name for name, before in case.keywords.items()
                      if not _same(before, private.keywords.get(name))))  # fmt: skip


def _same(before: Any, after: Any) -> bool:
    from course_lib.exercises.comparison import exactly

    try:
        first, second = plain(before), plain(after)
    except Exception:  # a generator, a model: it may change, and cannot be compared
        return True
    return type(first) is type(second) and exactly(second, first) is None


def _own_line(error: BaseException) -> str:
    """Return the last line of the learner's own code on the way to an error."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_own(frame.filename) and frame.lineno:
            line = frame.line or linecache.getline(frame.filename, frame.lineno).strip()
            return line[:LINE]
    return ""


class _Noting(io.TextIOBase):
    """A stream that passes everything on and notes that something was printed."""

    def __init__(self, stream: Any, notes: list[bool]) -> None:
        self.stream, self.notes = stream, notes

    def write(self, text: str) -> int:
        if not self.notes and text.strip():
            self.notes.append(True)
        self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextlib.contextmanager
def _noting_prints() -> Iterator[list[bool]]:
    notes: list[bool] = []
    before = sys.stdout
    sys.stdout = _Noting(before, notes)
    try:
        yield notes
    finally:
        sys.stdout = before
