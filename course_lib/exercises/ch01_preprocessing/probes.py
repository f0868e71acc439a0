"""Probes of chapter 01: how a learner's object is tried where a plain call is not enough."""

from __future__ import annotations

from typing import Any

from course_lib.exercises.case import Case


def call_with_segmenter(function: Any, case: Case) -> Any:
    """Call the function with a segmenter as its last argument, which knows the case's few runs.

    Functions cannot be sent to another process, so the case carries what it gives: for each run of
    Chinese characters its words. It cuts any other run into characters.
    """
    segmented: dict[str, list[str]] = case.keywords["segmented"]

    def segment(run: str) -> list[str]:
        return list(segmented.get(run, run))

    return function(*case.arguments, segment)


def found_articles(function: Any, case: Case) -> dict[str, Any]:
    """Return what the function answers for articles and passages, and the bar it should pass."""
    answers = function(*case.arguments)
    return {**case.keywords, "answers": answers}


def item_of_answer(function: Any, case: Case) -> Any:
    """Return one item of the list that the function gives, so that each can be right by itself."""
    return function()[case.keywords["place"]]
