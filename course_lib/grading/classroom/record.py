"""What grading found, kept beside the gradebook: a line of JSON for each graded notebook.

Learners' own words stand in it, with every sign that Unicode knows: ``\\n`` alone ends a line. A
line that can't be read is set aside, in a file beside, and stops nobody.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_lib.grading.judging import NotebookResult

RECORD = Path(".course") / "grading.jsonl"
SET_ASIDE = Path(".course") / "grading.unreadable"
WORDS = ("student", "chapter", "notebook", "sandbox")
NUMBERS = ("points", "max_points", "seconds")


def record(
    root: Path,
    key: tuple[str, str, str],
    result: NotebookResult,
    mark: str,
    insecure_cluster: bool = False,
) -> None:
    """Add one notebook's result to the course's record, as one line in one write.

    ``mark`` stands for everything that the result depends on.
    """
    student, chapter, notebook = key
    line = {
        "mark": mark,
        "student": student,
        "chapter": chapter,
        "notebook": notebook,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "points": result.points,
        "max_points": result.max_points,
        "seconds": round(result.seconds, 3),
        "sandbox": result.level,
        "insecure_cluster": insecure_cluster,
        "notes": result.notes,
        "errors": sorted(set(result.errors.values())),
        "exercises": [score.summary for score in result.scores.values() if score.summary],
    }
    path = root / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(line, ensure_ascii=False) + "\n"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        whole = file.read(1) in (b"", b"\n")  # a crash may have left half a line
        file.write((text if whole else f"\n{text}").encode("utf-8", "replace"))


def recorded(root: Path) -> Iterator[dict[str, Any]]:
    """Give the newest line of each learner's notebook; what can't be read is set aside."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    unreadable = []
    for line in _lines(root / RECORD):
        row = _row(line)
        if row is None:
            unreadable.append(line)
        else:
            newest[row["student"], row["chapter"], row["notebook"]] = row
    _set_aside(root, unreadable)
    yield from newest.values()


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []


def _row(line: bytes) -> dict[str, Any] | None:
    """Return a line's content, or nothing where a reader could stumble over it."""
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and _is_whole(row) else None


def _is_whole(row: dict[str, Any]) -> bool:
    return (
        all(isinstance(row.get(name), str) for name in WORDS)
        and all(_is_number(row.get(name)) for name in NUMBERS)
        and all(_are(str, row.get(name)) for name in ("notes", "errors"))
        and _are(dict, row.get("exercises"))
        and all(_is_exercise(exercise) for exercise in row["exercises"])
    )


def _is_exercise(row: dict[str, Any]) -> bool:
    return (
        isinstance(row.get("exercise"), str)
        and all(_is_number(row.get(name)) for name in ("points", "max_points"))
        and all(isinstance(row.get(name), str | None) for name in ("mistake", "diagnosis"))
        and (not row["mistake"] or bool(row["diagnosis"]))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _are(kind: type, values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def _set_aside(root: Path, lines: list[bytes]) -> None:
    """Keep lines that can't be read in a file of their own, each once, and say so."""
    path = root / SET_ASIDE
    known = set(_lines(path)) if lines else set()
    fresh = [line for line in dict.fromkeys(lines) if line not in known]
    if not fresh:
        return
    print(f"{len(fresh)} lines of {RECORD} cannot be read: they are kept in {SET_ASIDE}, and "
          "what they told is graded again", file=sys.stderr, flush=True)  # fmt: skip
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(b"".join(line + b"\n" for line in fresh))
