"""Probes of chapter 01: how a learner's object is tried where a plain call is not enough."""

from __future__ import annotations

import warnings
from typing import Any

from course_lib.exercises.case import Case
from course_lib.exercises.probes import call_counting_steps


def call_with_segmenter(function: Any, case: Case) -> Any:
    """Call the function with a segmenter as its last argument, which knows the case's few runs.

    Functions cannot be sent to another process, so the case's setting ``segmented`` says what it
    gives: for each run of Chinese characters its words. It cuts any other run into characters.
    """
    segmented: dict[str, list[str]] = case.settings.get("segmented", {})

    def segment(run: str) -> list[str]:
        return list(segmented.get(run, run))

    return function(*case.arguments, segment)


def call_counting_steps_and_warnings(function: Any, case: Case) -> dict[str, Any]:
    """Return the value, how many lines of Python the call ran, and whether it warned."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        counted = call_counting_steps(function, case)
    return {**counted, "warned": bool(warned)}
