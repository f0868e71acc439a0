"""Why nbgrader did not come to a good end, in one sentence that can be read."""

from __future__ import annotations

import re
from typing import Any

DATABASE = re.compile(r"(?:sqlite3|psycopg)\.\w*Error\)? ?:? ?(?P<words>[^\n]+)")
LOCKED = (
    "the gradebook is locked: another program writes to it (a grading, the formgrader, a backup); "
    "close that and grade again"
)
MOST = 400


def reason(outcome: dict[str, Any]) -> str:
    """Return why nbgrader failed: the course's own sentence, if there is one."""
    text = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}"
    if "OperationalError" in text:
        return of_database(text)
    told = [line for line in text.split("\n") if "Error: " in line]
    ours = [line.partition("Error: ")[2] for line in told if line.startswith("course_lib.")]
    return (ours or [line.strip() for line in told] or [text.strip()[-MOST:]])[0][:MOST]


def of_database(text: str) -> str:
    """Return what kept a gradebook from being read or written.

    >>> of_database("(sqlite3.OperationalError) database or disk is full")
    'the gradebook could not be used: database or disk is full'
    """
    if "database is locked" in text:
        return LOCKED
    found = DATABASE.search(text)
    return f"the gradebook could not be used: {found['words'] if found else text}"[:MOST]
