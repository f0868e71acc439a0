"""A course as nbgrader knows it: its gradebook, and what lies beside its sources."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.classroom.jobs import contents
from course_lib.grading.classroom.place import settings, source_paths
from course_lib.grading.classroom.reasons import reason
from course_lib.grading.isolation import Files
from course_lib.grading.judging import upgraded

GRADEBOOK = "COURSE_GRADEBOOK"


def course_api(root: Path, **overrides: str) -> Any:
    """Return nbgrader's interface to the course below ``root``; ``overrides`` are its folders.

    The gradebook is that of the settings, or the database that ``COURSE_GRADEBOOK`` names.
    """
    from nbgrader.apps import NbGraderAPI

    config = settings(root)
    config.CourseDirectory.root = str(root)
    if os.environ.get(GRADEBOOK):
        config.CourseDirectory.db_url = database_url(os.environ[GRADEBOOK])
    for name, value in overrides.items():
        config.CourseDirectory[name] = os.path.relpath(value, root)
    return NbGraderAPI(config=config)


def database_url(url: str) -> str:
    """Return a gradebook's address for SQLAlchemy, with the driver that the course installs.

    >>> database_url("postgresql://me@localhost/grades")
    'postgresql+psycopg://me@localhost/grades'
    """
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else url


def paths_beside(folder: Path, coursedir: Any) -> tuple[Path, ...]:
    """Return what lies beside the source notebooks of a folder and is no notebook itself."""
    from nbgrader.utils import find_all_files

    found = map(Path, find_all_files(str(folder), [*coursedir.ignore, "*.ipynb"]))
    return tuple(sorted(path for path in found if not path.is_symlink()))


def beside(root: Path, source: Path) -> Files:
    """Return what lies beside a source notebook, as data."""
    return contents(source.parent, paths_beside(source.parent, course_api(root).coursedir))


def submitted(root: Path, chapter: str) -> list[str]:
    """Return the learners who have handed in a chapter."""
    return sorted(path.parent.name for path in (root / "submitted").glob(f"*/{chapter}"))


def register(root: Path, chapter: str) -> None:
    """Enter a chapter's grade cells into the gradebook; its release goes nowhere.

    Sources whose metadata an older nbgrader wrote are read as the newest schema.
    """
    with tempfile.TemporaryDirectory() as folder:
        places = {"release_directory": os.path.join(folder, "release")}
        texts = {path.name: path.read_text("utf-8") for path in source_paths(root, chapter)}
        newest = {name: upgraded(json.loads(text)) for name, text in texts.items()}
        if any(newest[name] != json.loads(text) for name, text in texts.items()):
            places["source_directory"] = os.path.join(folder, "source")
            above = Path(places["source_directory"], chapter)
            above.mkdir(parents=True)
            for name, document in newest.items():
                above.joinpath(name).write_text(json.dumps(document), "utf-8")
        outcome = course_api(root, **places).generate_assignment(chapter, force=True, create=True)
        checked(outcome, f"registering {chapter}")


def checked(outcome: dict[str, Any], what: str) -> None:
    """Raise ``CourseError`` where nbgrader did not come to a good end."""
    if not outcome["success"]:
        raise CourseError(what, got=reason(outcome))
