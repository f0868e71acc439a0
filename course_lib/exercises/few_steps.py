"""Comparisons for answers that must not loop: right values, in few lines of Python.

They read what ``probes.call_counting_steps`` returns: the value, and how many lines were run.
"""

from __future__ import annotations

from typing import Any

from course_lib.exercises.comparison import Comparison


def in_few_steps(compare: Comparison, most: int) -> Comparison:
    """Return a comparison that asks for values by ``compare``, and for at most so many steps.

    >>> from course_lib.exercises.comparison import exactly
    >>> expected = {"value": 3, "steps": 2}
    >>> in_few_steps(exactly, 100)({"value": 3, "steps": 5000}, expected)
    'the right values in 5,000 steps of Python; 100 are allowed'
    """

    def compared(got: Any, expected: Any) -> str | None:
        difference = compare(got["value"], expected["value"])
        if difference is None and got["steps"] > most:
            return f"the right values in {got['steps']:,} steps of Python; {most:,} are allowed"
        return difference

    return compared


def looping_alike(compare: Comparison, most: int) -> Comparison:
    """Return a comparison that tells answers apart by their values and by whether they loop."""

    def compared(got: Any, wrong: Any) -> str | None:
        if (got["steps"] > most) != (wrong["steps"] > most):
            return "one loops and one does not"
        return compare(got["value"], wrong["value"])

    return compared
