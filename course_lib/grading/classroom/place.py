"""Where a course stands, and its folders: only nbgrader's settings say where they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from course_lib.errors import CourseError

CONFIG = "nbgrader_config.py"


def course_root(start: Path | None = None) -> Path:
    """Return the folder with ``nbgrader_config.py`` at or above ``start``, else the clone's own.

    Raises ``CourseError`` where there is none.
    """
    here = (start or Path.cwd()).resolve()
    clone = Path(__file__).resolve().parents[3]
    for folder in (here, *here.parents, clone):
        if (folder / CONFIG).exists():
            return folder
    raise CourseError(
        "the course's folder", expected=f"{CONFIG} here or above", got="none",
        remedy="run the command inside a clone of the course",
    )  # fmt: skip


def settings(root: Path) -> Any:
    """Return nbgrader's settings for the course below ``root``; nbgrader need not be installed."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    return Config(PyFileConfigLoader(CONFIG, path=str(root)).load_config())


def course_folder(root: Path, step: Literal["source", "release"], chapter: str) -> Path:
    """Return the folder of a chapter's sources or of its release."""
    course = settings(root).CourseDirectory
    structure = course.get("directory_structure", "{nbgrader_step}/{student_id}/{assignment_id}")
    names = {"nbgrader_step": course.get(f"{step}_directory", step), "student_id": "."}
    return Path(os.path.normpath(Path(root, structure.format(**names, assignment_id=chapter))))


def source_paths(root: Path, chapter: str) -> list[Path]:
    """Return the source notebooks of a chapter in their order."""
    return sorted(course_folder(root, "source", chapter).resolve().glob("*.ipynb"))


def source_chapters(root: Path) -> list[str]:
    """Return the names of all chapters that have source notebooks."""
    above = course_folder(root, "source", "chapter").parent
    return sorted({path.parent.name for path in above.resolve().glob("*/*.ipynb")})
