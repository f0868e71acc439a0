"""What a learner is told: aspects, diagnosis, and a visible example; never a secret one."""

from __future__ import annotations

import html
from typing import Any

from course_lib.exercises import Verdict
from course_lib.exercises.card import as_html, as_text
from course_lib.grading.engine import Score

BESIDE = "Graded beside the code: this cell's own test decided."
SECRET_ONLY = (
    "The visible cases pass; the graded check tries other inputs, and these aspects failed there."
)


def outputs(score: Score) -> list[dict[str, Any]]:
    """Return the outputs of a check cell, as nbformat keeps them, for feedback and formgrader."""
    text, page = _described(score)
    data = {"text/plain": text, "text/html": page}
    return [{"output_type": "display_data", "metadata": {}, "data": data}]


def _described(score: Score) -> tuple[str, str]:
    if score.verdict is None:
        words = BESIDE if score.error is None else f"{BESIDE} It failed: {score.error}"
        return words, f"<div>{html.escape(words)}</div>"
    told = _told(score)
    secret_only = bool(score.example and score.example.passed and not score.verdict.passed)
    text, page = as_text(told, help_line=False), as_html(told, help_line=False)
    if secret_only:
        text, page = f"{text}\n  {SECRET_ONLY}", f"{page}<div>{SECRET_ONLY}</div>"
    return text, page


def _told(score: Score) -> Verdict:
    """Return the secret verdict's aspects and diagnosis with the visible example."""
    import dataclasses

    verdict, example = score.verdict, score.example
    assert verdict is not None
    failure = example.failure if example else None
    return dataclasses.replace(verdict, failure=failure)
