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
from course_lib.grading.classroom.nbgrader_course import course_api
from course_lib.grading.classroom.nbgrader_course import register as register
from course_lib.grading.classroom.nbgrader_course import submitted as submitted
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
    jobs = {name: _jobs(api, chapter, name) for name in names}
    done = set() if again else _done(root, chapter, jobs)
    GRADERS.expect(job for name in names if name not in done for job in jobs[name])
    with _finishing_first() as interrupted:
        for number, name in enumerate(names):
            if interrupted():
                raise KeyboardInterrupt
            if progress:
                progress(name, number, len(names))
            if name not in done:
                outcome = api.autograde(chapter, name, force=True, create=True)
                if not outcome["success"]:
                    errors[name] = _reason(outcome)
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


def _jobs(api: Any, chapter: str, student: str) -> list[Job]:
    folder = Path(api.coursedir.format_path(api.coursedir.submitted_directory, student, chapter))
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


def _reason(outcome: dict[str, Any]) -> str:
    """Return why nbgrader failed for a learner: the course's own sentence, if there is one."""
    text = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}"
    told = [line for line in text.splitlines() if "Error: " in line]
    ours = [line.partition("Error: ")[2] for line in told if line.startswith("course_lib.")]
    return (ours or [line.strip() for line in told] or [text.strip()[-400:]])[0][:400]


def _rows(
    root: Path, api: Any, chapter: str, students: list[str], errors: dict[str, str]
) -> list[GradedRow]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for line in recorded(root):
        if line["chapter"] == chapter:
            lines.setdefault(line["student"], []).append(line)
    with api.gradebook as gradebook:
        return [
            _row(gradebook, chapter, name, lines.get(name, []), errors.get(name))
            for name in students
        ]


def _row(
    gradebook: Any, chapter: str, student: str, lines: list[dict[str, Any]], error: str | None
) -> GradedRow:
    from nbgrader.api import MissingEntry

    found = [note for line in lines for note in (*line["notes"], *line["errors"])]
    mistakes = [
        f"{exercise['exercise']}: {exercise['mistake']}"
        for line in lines
        for exercise in line["exercises"]
        if exercise["mistake"]
    ]
    seconds, sandbox = sum(line["seconds"] for line in lines), lines[0]["sandbox"] if lines else ""
    told = tuple(dict.fromkeys([*mistakes, *found]))
    try:
        submission = gradebook.find_submission(chapter, student)
    except MissingEntry:
        error = error or "nothing of it could be read"
        return GradedRow(student, chapter, 0.0, 0.0, seconds, sandbox, told, True, error)
    return GradedRow(
        student, chapter, submission.score, submission.max_score, seconds, sandbox, told,
        submission.needs_manual_grade, error,
    )  # fmt: skip
