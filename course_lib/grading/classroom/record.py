"""What grading found, kept beside the gradebook: a line of JSON for each graded notebook."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_lib.grading.judging import NotebookResult

RECORD = Path(".course") / "grading.jsonl"


def record(root: Path, key: tuple[str, str, str], result: NotebookResult, mark: str) -> None:
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
        file.write((text if whole else f"\n{text}").encode())


def recorded(root: Path) -> Iterator[dict[str, Any]]:
    """Give the newest line of each learner's notebook; a crash's half line is passed over."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    try:
        text = (root / RECORD).read_text("utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        newest[row["student"], row["chapter"], row["notebook"]] = row
    yield from newest.values()
