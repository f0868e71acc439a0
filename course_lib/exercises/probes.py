"""Probes: what a learner's object is put through, beside it, to give a value to be judged.

Each takes the learner's object and a case. A probe holds nothing secret: it is present where
strangers' code runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.exercises.by_hand import COURSE, is_own

if TYPE_CHECKING:
    from course_lib.exercises.case import Case

ENGINE = str(Path(__file__).resolve().parent)
"""The modules of the exercise engine itself, whose lines are nobody's answer."""


def call(function: Any, case: Case) -> Any:
    """Return what the function gives for the case's arguments."""
    return function(*case.arguments, **case.keywords)


def itself(answer: Any, case: Case) -> Any:
    """Return the answer as it stands: a prediction, a number, an order of lines."""
    return answer


def item_of_answer(function: Any, case: Case) -> Any:
    """Return one item of what the function gives, so that each can be right by itself.

    The case's setting ``item`` says which: a place in a list or a key of a dict.
    """
    return function(*case.arguments)[case.settings["item"]]


def with_tensors(function: Any, case: Case) -> Any:
    """Return what the function gives when every array of the case comes as a tensor."""
    return function(*map(as_tensor, case.arguments), **case.keywords)


def as_tensor(value: Any) -> Any:
    """Return an array as a tensor on the same memory, and anything else unchanged.

    What a call writes into the tensor is seen in the case's array: a changed argument.
    """
    import torch

    if not isinstance(value, np.ndarray):
        return value
    return torch.from_numpy(np.ascontiguousarray(value))


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
    """Whether code of this file is somebody's answer: a learner's, or the course's own."""
    if filename.startswith(COURSE):
        return str(Path(filename).parent) != ENGINE
    return is_own(filename)
