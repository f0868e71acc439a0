"""Scores in files: CSV and JSON for anything, and the two that Moodle and Canvas import.

A platform knows a learner by columns of its own; they are copied from its export (``roster``).
Moodle: Grades → Import → CSV. Canvas: Grades → Import, https://community.canvaslms.com/docs/DOC-12854
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course_lib.collecting import student_name
from course_lib.errors import InputError
from course_lib.reporting.gather import ChapterFigures, ClassReport
from course_lib.whole_file import write_whole

MOODLE = ("First name", "Last name", "ID number", "Username", "Email address")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""
Row = list[str]


def write_exports(report: ClassReport, folder: Path, roster: Path | None = None) -> list[Path]:
    """Write the scores of a class into ``folder`` in four forms; returns the files.

    Scores that wait for a person are empty in the platforms' files. Raises ``InputError`` for a
    roster in which nobody of the class is found.
    """
    people = _people(roster, report.students) if roster else {}
    if roster and not people:
        raise InputError("the roster", expected="a platform's export with the class in it",
                         got=str(roster))  # fmt: skip
    files = {
        "scores.csv": _csv(_score_rows(report)),
        "moodle.csv": _csv(_platform_rows(report, MOODLE, "Username", people)),
        "canvas.csv": _csv(_platform_rows(report, CANVAS, "SIS Login ID", people)),
        "report.json": json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n",
    }
    return [write_whole(folder / name, text) for name, text in files.items()]


def as_json(report: ClassReport) -> dict[str, Any]:
    """Return a whole report as JSON can carry it."""
    return {"course": report.course, "chapters": [_chapter(one) for one in report.chapters]}


def _chapter(chapter: ChapterFigures) -> dict[str, Any]:
    return {
        "chapter": chapter.name,
        "results": {name: vars(result) for name, result in chapter.results.items()},
        "exercises": [vars(figures) for figures in chapter.exercises],
        "slow": chapter.slow,
        "failed": chapter.failed,
        "not_graded": chapter.ungraded,
        "alike": [vars(pair) for pair in chapter.alike],
        "sandboxes": chapter.sandboxes,
        "insecure_cluster": chapter.insecure,
    }


def _score_rows(report: ClassReport) -> list[Row]:
    rows = [["student", "chapter", "exercise", "points", "max_points", "waits"]]
    for chapter in report.chapters:
        for name, result in sorted(chapter.results.items()):
            waits = "yes" if result.waits else "no"
            row = [name, chapter.name, "", _number(result.points), _number(result.max_points)]
            rows.append([*row, waits])
            for figures in chapter.exercises:
                if name in figures.points:
                    points = _number(figures.points[name]), _number(figures.max_points)
                    rows.append([name, chapter.name, figures.name, *points, ""])
    return rows


def _platform_rows(
    report: ClassReport, known: tuple[str, ...], ours: str, people: dict[str, dict[str, str]]
) -> list[Row]:
    """Return a platform's table: the columns that know a learner, then one for each chapter."""
    given = [name for name in known if any(name in row for row in people.values())]
    columns = given or ([ours] if known is MOODLE else ["Student", ours])
    rows = [[*columns, *(chapter.name for chapter in report.chapters)]]
    if known is CANVAS:
        most = (max((r.max_points for r in one.results.values()), default=0.0)
                for one in report.chapters)  # fmt: skip
        rows.append(["    Points Possible", *[""] * (len(columns) - 1), *map(_number, most)])
    for student in report.students:
        person = people.get(student, dict.fromkeys(columns, student) if not people else {})
        if person:
            row = [person.get(column, "") for column in columns]
            rows.append([*row, *(_score(chapter, student) for chapter in report.chapters)])
    return rows


def _score(chapter: ChapterFigures, student: str) -> str:
    result = chapter.results.get(student)
    return "" if result is None or result.waits else _number(result.points)


def _people(roster: Path, students: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return a platform's row for each learner of the class that it knows."""
    with roster.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    by_name = {name: row for row in rows for name in _names(row)}
    return {student: by_name[student] for student in students if student in by_name}


def _names(row: dict[str, str]) -> set[str]:
    """Return the names under which a platform's download would hold this person's work."""
    parts = [row.get(column) or "" for column in ("First name", "Last name")]
    full = row.get("Student") or ""  # Canvas: "Lovelace, Ada", and lovelaceada in its downloads
    logins = (row.get(column) or "" for column in ("Username", "SIS Login ID", "Email address"))
    names = {*logins, " ".join(parts).strip(), full, re.sub(r"\W", "", full).lower()}
    return {name for name in map(student_name, filter(None, names)) if name}


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _csv(rows: list[Row]) -> str:
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row]
                     for row in rows)  # fmt: skip
    return buffer.getvalue()
