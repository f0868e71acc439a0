"""Where a course's notebooks stand."""

from __future__ import annotations

from pathlib import Path

from course_lib.errors import CourseError

CONFIG = "nbgrader_config.py"


def course_root(start: Path | None = None) -> Path:
    """Return the folder with ``nbgrader_config.py`` at or above ``start``, else the clone's own.

    Raises ``CourseError`` where there is none.
    """
    here = (start or Path.cwd()).resolve()
    clone = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, clone):
        if (folder / CONFIG).exists():
            return folder
    raise CourseError(
        "the course's folder", expected=f"{CONFIG} here or above", got="none",
        remedy="run the command inside a clone of the course",
    )  # fmt: skip


def source_notebooks(chapter: str, root: Path | None = None) -> list[Path]:
    """Return a chapter's source notebooks in their order."""
    return sorted(((root or course_root()) / "solutions" / chapter).glob("*.ipynb"))


def notebook_exercises(path: Path) -> list[str]:
    """Return the names of the exercises that a source notebook asks for, in its order."""
    from course_lib.grading.judging import read_source

    return [exercise.name for exercise in read_source(path).exercises]
