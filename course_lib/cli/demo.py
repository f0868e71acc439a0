"""``course demo``: from the sources to the gradebook, with a simulated class."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from course_lib.cli.printing import print_table
from course_lib.errors import CourseError

TOLERANCE = 1e-6
CHAPTER_SECONDS = 30
"""The budget of a chapter's demo, printed beside what it took."""
MARK = ".simulated"
"""The file by which the demo knows a folder of its own, that it may empty."""


def demo(
    folder: Annotated[Path, typer.Option(help="Where the simulated course goes.")] = Path("demo"),
) -> None:
    """Release, hand in twelve simulated learners, grade with nbgrader, and compare every score."""
    from course_lib.exercises import chapters
    from course_lib.grading.classroom import course_root, register, source_paths
    from course_lib.release import hand_in

    began = time.monotonic()
    root = _fresh_course(course_root(), folder)
    _say("checking the data that the chapters use")
    _check_data()
    wrong = 0
    for chapter in chapters():
        started, paths = time.monotonic(), source_paths(root, chapter)
        _say(f"{chapter}: releasing {len(paths)} notebooks and handing in a class")
        register(root, chapter)
        expected = hand_in(root, chapter, paths)
        _say(f"{chapter}: nbgrader autograde, {len(expected)} learners")
        _nbgrader(root, "autograde", chapter)
        _say(f"{chapter}: nbgrader generate_feedback")
        _nbgrader(root, "generate_feedback", chapter)
        wrong += _compare(root, chapter, expected)
        print(f"{chapter}: {time.monotonic() - started:.0f} seconds, at most {CHAPTER_SECONDS}")
    _run(root, "the report", sys.executable, "-m", "course_lib.cli", "report")
    print(f"gradebook  {root}/gradebook.db")
    print(f"report     {root}/report/index.html")
    print(f"feedback   {root}/feedback/dora/{chapters()[0]}")
    print(f"{time.monotonic() - began:.0f} seconds")
    if wrong:
        raise CourseError(f"{wrong} scores differ from what they must be")


def _fresh_course(source: Path, folder: Path) -> Path:
    """Make a course in ``folder`` with the sources of this one, and nothing else of it."""
    from course_lib.grading.classroom import CONFIG, course_folder

    root = folder.resolve()
    if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
        raise CourseError(f"{root}", expected="an empty folder, or an earlier demo's", got="files")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).write_text("Made by course demo, which empties this folder when it runs again.\n")
    shutil.copy(source / CONFIG, root)
    sources = course_folder(source, "source", ".")
    shutil.copytree(sources, root / sources.relative_to(source))
    return root


def _check_data() -> None:
    from course_lib.data import status

    here = [row.name for row in status() if row.present]
    if not here:
        raise CourseError("the data", got="no set is here", remedy="course doctor")
    print(f"  here: {', '.join(here)}")


def _nbgrader(root: Path, command: str, chapter: str) -> None:
    program = str(Path(sys.executable).with_name("nbgrader"))
    _run(root, f"nbgrader {command}", program, command, chapter, "--force")


def _run(root: Path, what: str, *words: str) -> None:
    run = subprocess.run(words, cwd=root, capture_output=True, text=True)
    if run.returncode:
        raise CourseError(what, got=(run.stdout + run.stderr)[-2000:])


def _compare(root: Path, chapter: str, expected: dict[str, float]) -> int:
    """Print the table and return how many scores are not what they must be."""
    from course_lib.grading.classroom import graded_rows
    from course_lib.release import CLASS

    stories = {learner.name: learner.story for learner in CLASS}
    rows: list[tuple[Any, ...]] = []
    wrong = 0
    for row in graded_rows(root, chapter, list(expected)):
        same = abs(row.points - expected[row.student]) < TOLERANCE
        wrong += not same
        rows.append((
            row.student, stories[row.student], f"{row.points:.2f}", f"{expected[row.student]:.2f}",
            "✓" if same else "✗", f"{row.seconds:.2f}", "; ".join(row.found[:2])[:80],
        ))  # fmt: skip
    heads = ("learner", "what they did", "score", "expected", "", "seconds", "found")
    sandbox = next(iter(graded_rows(root, chapter, list(expected)[:1]))).sandbox
    print_table(f"{chapter}, in a {sandbox} sandbox", heads, rows)
    return wrong


def _say(words: str) -> None:
    print(f"· {words}", flush=True)
