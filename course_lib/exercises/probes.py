"""Probes: what a learner's object is put through, beside it, to give a value to be judged.

Each takes the learner's object and a case. A probe holds nothing secret: it is present where
strangers' code runs.
"""

from __future__ import annotations

import copy
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from course_lib.exercises.values import plain

if TYPE_CHECKING:
    from course_lib.exercises.exercise import Case

COURSE = str(Path(__file__).resolve().parents[1])


def call(function: Any, case: Case) -> Any:
    """Return what the function gives for the case's arguments."""
    return function(*case.arguments, **case.keywords)


def itself(answer: Any, case: Case) -> Any:
    """Return the answer as it stands: a prediction, a number, an order of lines."""
    return answer


def call_watching_arguments(function: Any, case: Case) -> dict[str, Any]:
    """Return the value and whether the call changed the arguments that it was given."""
    before = copy.deepcopy((case.arguments, case.keywords))
    value = function(*case.arguments, **case.keywords)
    changed = not _same(before, (case.arguments, case.keywords))
    return {"value": value, "arguments changed": changed}


def call_counting_steps(function: Any, case: Case) -> dict[str, Any]:
    """Return the value and how many lines of Python the call ran: few, where arrays do the work.

    Counting lines instead of seconds gives the same judgement on a slow machine and on a fast one.
    Lines inside installed packages don't count: they differ from version to version.
    """
    with _counted_lines() as lines:
        value = function(*case.arguments, **case.keywords)
    return {"value": value, "steps": lines[0]}


@contextmanager
def _counted_lines() -> Iterator[list[int]]:
    lines = [0]

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if not _is_own(frame.f_code.co_filename):
            return None  # its lines are passed over; what it calls is asked about again
        lines[0] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


@cache
def _is_own(filename: str) -> bool:
    """Whether code of this file is somebody's answer, or the course's, and no package's."""
    paths = sysconfig.get_paths()
    packages = (paths["stdlib"], paths["purelib"], paths["platlib"], "<@beartype", "<frozen")
    return filename.startswith(COURSE) or not filename.startswith(packages)


def _same(first: Any, second: Any) -> bool:
    from course_lib.exercises.comparison import exactly

    return exactly(plain(first), plain(second)) is None
