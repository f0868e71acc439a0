"""A class as figures: what the gradebook and the record hold, put together for a reader."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.errors import InputError
from course_lib.grading.classroom import (
    course_api,
    handed_in,
    readable,
    recorded,
    source_chapters,
    source_paths,
    submitted,
)
from course_lib.grading.judging import SourceNotebook, joined, read_source, rebuild
from course_lib.reporting.fingerprints import Alike, alike

SLOW_SECONDS = 15.0
TELLING = ("TimeoutError", "SystemExit", "MemoryError")
"""Errors that say more than that an answer is wrong."""


@dataclass(frozen=True)
class Result:
    """One learner's chapter in the gradebook; ``waits``: a person has to grade a part of it."""

    points: float
    max_points: float
    waits: bool


@dataclass
class ExerciseFigures:
    """One exercise in a class: everybody's points, the beliefs found, and words for the rest."""

    name: str
    max_points: float
    points: dict[str, float] = field(default_factory=dict)
    mistakes: Counter[str] = field(default_factory=Counter)
    symptoms: Counter[str] = field(default_factory=Counter)
    diagnoses: dict[str, str] = field(default_factory=dict)


@dataclass
class ChapterFigures:
    """One chapter in a class."""

    name: str
    results: dict[str, Result] = field(default_factory=dict)
    exercises: list[ExerciseFigures] = field(default_factory=list)
    slow: list[tuple[str, float]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    sandboxes: Counter[str] = field(default_factory=Counter)
    insecure: int = 0


@dataclass
class ClassReport:
    """All chapters of a class."""

    course: str
    chapters: list[ChapterFigures]

    @property
    def students(self) -> list[str]:
        """Everybody who has a result."""
        return sorted({name for chapter in self.chapters for name in chapter.results})


def gather(root: Path, chapters: list[str] | None = None) -> ClassReport:
    """Return what is known of a class; raises ``InputError`` where nothing was graded."""
    api = course_api(root)
    known = source_chapters(root)
    wanted = chapters or [name for name in known if submitted(root, name)]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        names, remedy = " or ".join(known) or "some", "course grade comes before course report"
        raise InputError("the chapters", expected=names, got=unknown or "none", remedy=remedy)
    lines = list(recorded(root))
    with api.gradebook as gradebook:
        found = [_chapter(root, gradebook, name, lines) for name in wanted]
    return ClassReport(str(api.coursedir.course_id), found)


def _chapter(root: Path, gradebook: Any, name: str, lines: list[dict[str, Any]]) -> ChapterFigures:
    chapter = ChapterFigures(name)
    for row in gradebook.submission_dicts(name):
        result = Result(row["score"], row["max_score"], row["needs_manual_grade"])
        chapter.results[row["student"]] = result
    mine = [line for line in lines if line["chapter"] == name]
    mine = [line for line in mine if line["student"] in chapter.results]
    chapter.exercises = _exercises(mine)
    seconds: Counter[str] = Counter()
    for line in mine:
        seconds[line["student"]] += line["seconds"]
        chapter.sandboxes[line["sandbox"]] += 1
        chapter.insecure += line.get("insecure_cluster") is True
        chapter.failed += [(line["student"], words) for words in _failures(line)]
    chapter.slow = [(who, spent) for who, spent in seconds.most_common() if spent >= SLOW_SECONDS]
    graded = {line["student"] for line in mine}
    chapter.ungraded = sorted({readable(who) for who in submitted(root, name)} - graded)
    chapter.alike = _alike(root, name)
    return chapter


def _exercises(lines: list[dict[str, Any]]) -> list[ExerciseFigures]:
    found: dict[str, ExerciseFigures] = {}
    for line in lines:
        for row in line["exercises"]:
            name = row["exercise"]
            figures = found.setdefault(name, ExerciseFigures(name, row["max_points"]))
            figures.points[line["student"]] = row["points"]
            if row["mistake"]:
                figures.mistakes[row["mistake"]] += 1
                figures.diagnoses[row["mistake"]] = row["diagnosis"]
            elif row["diagnosis"]:
                figures.symptoms[row["diagnosis"]] += 1
    return list(found.values())


def _failures(line: dict[str, Any]) -> list[str]:
    errors = [error for error in line["errors"] if error.startswith(TELLING)]
    return list(dict.fromkeys([*line["notes"], *errors]))


def _alike(root: Path, chapter: str) -> list[Alike]:
    """Compare what learners wrote, notebook by notebook; of a pair, the most alike counts."""
    most: dict[tuple[str, str], Alike] = {}
    for path in source_paths(root, chapter):
        source = read_source(path)
        work = {
            readable(name): _code(
                handed_in(root / "submitted" / name / chapter / path.name), source
            )
            for name in submitted(root, chapter)
        }
        for pair in alike(work, _given(path)):
            key = (pair.one, pair.other)
            if key not in most or most[key].similarity < pair.similarity:
                most[key] = pair
    return sorted(most.values(), key=lambda pair: -pair.similarity)


def _code(submission: bytes, source: SourceNotebook) -> str:
    """Return what a learner wrote themselves: answers, and cells that the source does not have."""
    given = {cell.source for cell in source.cells if cell.role != "solution"}
    steps = rebuild(submission, source).steps if submission else []
    return "\n".join(
        step.source
        for step in steps
        if step.cell.cell_type == "code" and step.source not in given and step.cell.role != "look"
    )


def _given(path: Path) -> str:
    """Return all code of the source without its solutions: what everybody was handed."""
    cells = json.loads(path.read_bytes())["cells"]
    code = "\n".join(joined(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    kept, inside = [], False
    for line in code.split("\n"):
        inside = inside or "### BEGIN SOLUTION" in line
        if not inside:
            kept.append(line)
        inside = inside and "### END SOLUTION" not in line
    return "\n".join(kept)
