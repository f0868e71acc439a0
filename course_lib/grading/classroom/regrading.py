"""Grading again after an exercise was mended: the notebooks that ask for it, and no others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import InputError
from course_lib.grading.classroom.class_run import OnGraded, grade_class
from course_lib.grading.classroom.nbgrader_course import course_api, submitted
from course_lib.grading.classroom.place import source_chapters, source_paths
from course_lib.grading.judging import read_source


@dataclass(frozen=True)
class Change:
    """One learner's automatic points for a cell, before and after; ``None``: a person's to give."""

    student: str
    before: float | None
    after: float | None
    error: str | None = None


def regrade(root: Path, exercise: str, progress: OnGraded | None = None) -> list[Change]:
    """Grade everybody's notebook that asks for ``exercise`` again, and say what it changed.

    ``exercise`` is an exercise's name, or the grade_id of an instructor's own test. Scores that a
    person gave are not touched. Raises ``InputError`` for a name that no notebook bears.
    """
    chapter, notebook, grade_id = _place(root, exercise)
    students = [
        name
        for name in submitted(root, chapter)
        if (root / "submitted" / name / chapter / f"{notebook}.ipynb").exists()
    ]
    if not students:
        raise InputError(f"{exercise}, in {chapter}/{notebook}", expected="submissions", got="none")
    before = _points(root, chapter, notebook, grade_id)
    rows = grade_class(root, chapter, students, progress, again=True, notebook=notebook)
    after = _points(root, chapter, notebook, grade_id)
    return [
        Change(row.student, before.get(row.student), after.get(row.student), row.error)
        for row in rows
    ]


def _place(root: Path, exercise: str) -> tuple[str, str, str]:
    """Return the chapter, the notebook and the grade_id of the cell that grades an exercise."""
    known = []
    for chapter in source_chapters(root):
        for path in source_paths(root, chapter):
            for cell in read_source(path).cells:
                if cell.role not in ("check", "test"):
                    continue
                if exercise in (cell.exercise, cell.grade_id):
                    return chapter, path.stem, cell.grade_id or ""
                known.append(cell.exercise or cell.grade_id or "")
    raise InputError("the exercise", expected=" or ".join(known) or "one", got=repr(exercise))


def _points(root: Path, chapter: str, notebook: str, grade_id: str) -> dict[str, float | None]:
    from nbgrader.api import BaseCell, Grade, Notebook, SubmittedAssignment, SubmittedNotebook

    with course_api(root).gradebook as gradebook:
        found: Any = (
            gradebook.db.query(SubmittedAssignment.student_id, Grade.auto_score)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .filter(
                BaseCell.name == grade_id, Notebook.name == notebook,
                SubmittedAssignment.assignment.has(name=chapter),
            )
        )  # fmt: skip
        return dict(found.all())
