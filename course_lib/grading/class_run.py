"""A whole class through stock nbgrader: register, autograde each learner, write feedback."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.bridge import job_of
from course_lib.grading.graders import GRADERS, Job
from course_lib.grading.record import recorded

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class GradedRow:
    """One learner's chapter, graded."""

    student: str
    chapter: str
    points: float
    max_points: float
    seconds: float
    sandbox: str
    found: tuple[str, ...]
    needs_manual_grade: bool
    error: str | None = None


def register(root: Path, chapter: str) -> None:
    """Enter a chapter's grade cells into the gradebook; its release goes nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        api = _api(root, release_directory=folder)
        _checked(
            api.generate_assignment(chapter, force=True, create=True), f"registering {chapter}"
        )


def submitted(root: Path, chapter: str) -> list[str]:
    """Return the learners who have handed in a chapter."""
    return sorted(path.parent.name for path in (root / "submitted").glob(f"*/{chapter}"))


def grade_class(
    root: Path,
    chapter: str,
    students: list[str] | None = None,
    progress: Progress | None = None,
    again: bool = False,
) -> list[GradedRow]:
    """Grade every learner's chapter; one learner's failure is one row's error and stops nobody.

    What was graded to the end with the same submission, source, seed and exercises is not graded
    ``again``, so that a run that was interrupted goes on. Raises ``CourseError`` when nobody has
    handed in the chapter.
    """
    names = students or submitted(root, chapter)
    if not names:
        place = root / "submitted" / "NAME" / chapter
        raise CourseError(f"grading {chapter}", expected=f"submissions in {place}", got="none")
    register(root, chapter)
    api, errors = _api(root), dict[str, str]()
    jobs = {name: _jobs(api, chapter, name) for name in names}
    done = set() if again else _done(root, chapter, jobs)
    GRADERS.expect(job for name in names if name not in done for job in jobs[name])
    for number, name in enumerate(names):
        if progress:
            progress(name, number, len(names))
        if name not in done:
            outcome = api.autograde(chapter, name, force=True, create=True)
            if not outcome["success"]:
                errors[name] = str(outcome.get("error") or outcome.get("log"))[-400:]
    return [_row(root, api, chapter, name, errors.get(name)) for name in names]


def _jobs(api: Any, chapter: str, student: str) -> list[Job]:
    folder = Path(api.coursedir.format_path(api.coursedir.submitted_directory, student, chapter))
    names = {"student": student, "assignment": chapter}
    return [
        job_of(api, {**names, "notebook": path.stem}) for path in sorted(folder.glob("*.ipynb"))
    ]


def _done(root: Path, chapter: str, jobs: dict[str, list[Job]]) -> set[str]:
    """Return the learners all of whose notebooks were graded to the end, as they are now."""
    marks = {
        (line["student"], line["notebook"]): line.get("mark")
        for line in recorded(root)
        if line["chapter"] == chapter
    }
    return {
        name
        for name, theirs in jobs.items()
        if theirs
        and all(
            marks.get((name, job.submission.stem)) == job.mark() and _finished(root, chapter, name)
            for job in theirs
        )
    }


def _finished(root: Path, chapter: str, student: str) -> bool:
    """Return whether nbgrader came to its end: then it makes its files read-only."""
    paths = list((root / "autograded" / student / chapter).glob("*.ipynb"))
    return bool(paths) and not any(path.stat().st_mode & 0o222 for path in paths)


def graded_rows(root: Path, chapter: str, students: list[str]) -> list[GradedRow]:
    """Return what the gradebook holds of learners who have been graded already."""
    api = _api(root)
    return [_row(root, api, chapter, name, None) for name in students]


def write_feedback(root: Path, chapter: str, students: list[str] | None = None) -> list[Path]:
    """Write each learner's feedback pages and return them."""
    api = _api(root)
    pages: list[Path] = []
    for name in students or submitted(root, chapter):
        _checked(api.generate_feedback(chapter, name, force=True), f"the feedback for {name}")
        pages += sorted((root / "feedback" / name / chapter).glob("*.html"))
    return pages


def _row(root: Path, api: Any, chapter: str, student: str, error: str | None) -> GradedRow:
    lines = [
        line for line in recorded(root) if (line["student"], line["chapter"]) == (student, chapter)
    ]
    found = [note for line in lines for note in (*line["notes"], *line["errors"])]
    mistakes = [
        f"{exercise['exercise']}: {exercise['mistake']}"
        for line in lines
        for exercise in line["exercises"]
        if exercise["mistake"]
    ]
    with api.gradebook as gradebook:
        submission = gradebook.find_submission(chapter, student)
        return GradedRow(
            student, chapter, submission.score, submission.max_score,
            sum(line["seconds"] for line in lines),
            lines[0]["sandbox"] if lines else "",
            tuple(dict.fromkeys([*mistakes, *found])), submission.needs_manual_grade, error,
        )  # fmt: skip


def _api(root: Path, **overrides: str) -> Any:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
    config.CourseDirectory.root = str(root)
    for name, value in overrides.items():
        config.CourseDirectory[name] = os.path.relpath(value, root)
    return NbGraderAPI(config=config)


def _checked(outcome: dict[str, Any], what: str) -> None:
    if not outcome["success"]:
        raise CourseError(what, got=str(outcome.get("error") or outcome.get("log"))[-800:])
