"""A whole class through stock nbgrader: register, autograde each learner, write feedback."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.classroom.bridge import job_of
from course_lib.grading.classroom.feedback_pages import PageWriter
from course_lib.grading.classroom.graders import GRADERS
from course_lib.grading.classroom.jobs import REQUIRE, Job
from course_lib.grading.classroom.learners import readable, why_not_graded
from course_lib.grading.classroom.nbgrader_course import course_api
from course_lib.grading.classroom.nbgrader_course import register as register
from course_lib.grading.classroom.nbgrader_course import submitted as submitted
from course_lib.grading.classroom.place import source_paths
from course_lib.grading.classroom.reasons import of_database, reason
from course_lib.grading.classroom.record import recorded

STRONG = "strong"
GRADED = ".graded"
"""Beside feedback pages: the digest of the graded notebooks that they show."""
OnGraded = Callable[[str, int, int], None]
"""Told before each learner, and once at the end: the name, how many are done, of how many."""


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


def grade_class(
    root: Path,
    chapter: str,
    students: list[str] | None = None,
    progress: OnGraded | None = None,
    again: bool = False,
    notebook: str = "*",
) -> list[GradedRow]:
    """Grade every learner's chapter; one learner's failure is one row's error and stops nobody.

    What was graded to the end with the same submission, source, seed and exercises is not graded
    ``again``, so that a run that was interrupted goes on. ``notebook`` picks one of the chapter's.
    Raises ``CourseError`` when nobody has handed in the chapter, and ``KeyboardInterrupt`` after
    the learner at whom Ctrl-C came, whose grading is finished first.
    """
    names = submitted(root, chapter) if students is None else students
    if students is None and not names:
        place = root / "submitted" / "NAME" / chapter
        raise CourseError(f"grading {chapter}", expected=f"submissions in {place}", got="none")
    register(root, chapter)
    api, errors = course_api(root), dict[str, str]()
    api.coursedir.notebook_id = notebook
    wanted = [path.stem for path in source_paths(root, chapter)]
    wanted = [name for name in wanted if notebook in ("*", name)]
    for name in names:
        why_not = why_not_graded(_folder(api, chapter, name), name, wanted)
        if why_not:
            errors[name] = why_not
    jobs = {name: _jobs(api, chapter, name) for name in names if name not in errors}
    done = set() if again else _done(root, chapter, jobs)
    GRADERS.expect(job for name in jobs if name not in done for job in jobs[name])
    with _finishing_first() as interrupted:
        for number, name in enumerate(names):
            if interrupted():
                raise KeyboardInterrupt
            if progress:
                progress(readable(name), number, len(names))
            if name in jobs and name not in done:
                outcome = api.autograde(chapter, name, force=True, create=True)
                if not outcome["success"]:
                    errors[name] = reason(outcome)
    if progress:
        progress("", len(names), len(names))
    return _rows(root, api, chapter, names, errors)


def graded_rows(root: Path, chapter: str, students: list[str]) -> list[GradedRow]:
    """Return what the gradebook holds of learners who have been graded already."""
    return _rows(root, course_api(root), chapter, students, {})


def write_feedback(
    root: Path, chapter: str, students: list[str] | None = None
) -> tuple[list[Path], dict[str, str]]:
    """Write each learner's feedback pages that are not those of the last grading.

    Returns all pages, and for each learner without one what went wrong: it stops nobody else's.
    """
    pages: list[Path] = []
    failed: dict[str, str] = {}
    with PageWriter(root) as writer:
        for name in submitted(root, chapter) if students is None else students:
            graded, place = (
                root / folder / name / chapter for folder in ("autograded", "feedback")
            )
            if graded.is_dir() and not _is_of(place, graded):
                error = writer.write(chapter, name)
                if error:
                    failed[name] = error
                else:
                    with contextlib.suppress(OSError):  # a full disk: the page is written again
                        (place / GRADED).write_text(_digest(graded))
            pages += sorted(place.glob("*.html"))
    return pages, failed


def _is_of(pages: Path, graded: Path) -> bool:
    """Return whether feedback was made of these very graded notebooks."""
    try:
        return (pages / GRADED).read_text() == _digest(graded)
    except OSError:
        return False


def _digest(graded: Path) -> str:
    known = hashlib.sha256()
    for path in sorted(graded.glob("*.ipynb")):
        known.update(path.name.encode("utf-8", "surrogateescape") + path.read_bytes())
    return known.hexdigest()


def _folder(api: Any, chapter: str, student: str) -> Path:
    return Path(api.coursedir.format_path(api.coursedir.submitted_directory, student, chapter))


def _jobs(api: Any, chapter: str, student: str) -> list[Job]:
    folder = _folder(api, chapter, student)
    names = {"student": student, "assignment": chapter}
    found = (
        job_of(api, {**names, "notebook": path.stem})
        for path in sorted(folder.glob(f"{api.coursedir.notebook_id}.ipynb"))
    )
    return [job for job in found if job.source.exists()]


def _done(root: Path, chapter: str, jobs: dict[str, list[Job]]) -> set[str]:
    """Return the learners all of whose notebooks were graded to the end, as they are now."""
    strong_only = bool(os.environ.get(REQUIRE))
    marks = {
        (line["student"], line["notebook"]): line.get("mark")
        for line in recorded(root)
        if line["chapter"] == chapter and (not strong_only or line["sandbox"] == STRONG)
    }
    return {
        name
        for name, theirs in jobs.items()
        if theirs
        and _finished(root, chapter, name)
        and all(marks.get((name, job.submission.stem)) == job.read().mark() for job in theirs)
    }


def _finished(root: Path, chapter: str, student: str) -> bool:
    """Return whether nbgrader came to its end: then it makes its files read-only."""
    paths = list((root / "autograded" / student / chapter).glob("*.ipynb"))
    return bool(paths) and not any(path.stat().st_mode & 0o222 for path in paths)


@contextlib.contextmanager
def _finishing_first() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C was pressed; a second time it acts at once."""
    pressed = threading.Event()

    def press(number: int, frame: Any) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _rows(
    root: Path, api: Any, chapter: str, students: list[str], errors: dict[str, str]
) -> list[GradedRow]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for line in recorded(root):
        if line["chapter"] == chapter:
            lines.setdefault(line["student"], []).append(line)
    return [
        _row(api, chapter, readable(name), lines.get(name, []), errors.get(name))
        for name in students
    ]


def _row(
    api: Any, chapter: str, student: str, lines: list[dict[str, Any]], error: str | None
) -> GradedRow:
    from nbgrader.api import MissingEntry
    from sqlalchemy.exc import OperationalError

    found = [note for line in lines for note in (*line["notes"], *line["errors"])]
    mistakes = [
        f"{exercise['exercise']}: {exercise['mistake']}"
        for line in lines
        for exercise in line["exercises"]
        if exercise["mistake"]
    ]
    seconds, sandbox = sum(line["seconds"] for line in lines), lines[0]["sandbox"] if lines else ""
    told = tuple(dict.fromkeys([*mistakes, *found]))
    unknown = (student, chapter, 0.0, 0.0, seconds, sandbox, told, True)
    try:
        with api.gradebook as gradebook:
            found_there = gradebook.find_submission(chapter, student)
            scores = found_there.score, found_there.max_score
            waits = found_there.needs_manual_grade or error is not None
    except MissingEntry:
        return GradedRow(*unknown, error or "nothing of it could be read")
    except OperationalError as failure:
        return GradedRow(*unknown, error or of_database(str(failure)))
    return GradedRow(student, chapter, *scores, seconds, sandbox, told, waits, error)
