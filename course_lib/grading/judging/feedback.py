"""What a learner is told: aspects, diagnosis, and a visible example; never a secret one."""

from __future__ import annotations

import dataclasses
import html
from typing import Any

from course_lib.exercises import Verdict
from course_lib.exercises.card import HONESTY, as_html, as_text

BESIDE = "Graded beside the code: this cell's own test decided."
PASSED = "The graded check passed, on other inputs than the visible one."
SECRET_ONLY = "The visible cases pass; the graded check tries other inputs, and there it failed."


def described(secret: Verdict, visible: Verdict) -> tuple[str, str]:
    """Return what to say of an exercise, as text and as HTML.

    Aspects and points are those of the graded check, the example is the visible check's.
    """
    told = _told(secret, visible)
    text, page = as_text(told, help_line=False), as_html(told, help_line=False)
    text, page = text.replace(HONESTY, PASSED), page.replace(HONESTY, PASSED)
    if visible.passed and not secret.passed:
        text, page = f"{text}\n  {SECRET_ONLY}", f"{page}<div>{SECRET_ONLY}</div>"
    return text, page


def beside(error: str) -> tuple[str, str]:
    """Return what to say of an instructor's own test cell."""
    words = f"{BESIDE} It failed: {error}" if error else BESIDE
    return words, f"<div>{html.escape(words)}</div>"


def summary(secret: Verdict, visible: Verdict) -> dict[str, Any]:
    """Return the verdict for the record, without any case, value or secret."""
    return _told(secret, visible).to_dict()


def outputs(text: str, page: str) -> list[dict[str, Any]]:
    """Return the outputs of a check cell, as nbformat keeps them, for feedback and formgrader."""
    data = {"text/plain": text, "text/html": page}
    return [{"output_type": "display_data", "metadata": {}, "data": data}]


def _told(secret: Verdict, visible: Verdict) -> Verdict:
    """Return the secret verdict with the visible example, and no words made from secret values."""
    failure = visible.failure if not secret.passed else None
    return dataclasses.replace(secret, failure=failure, belief=visible.belief)
