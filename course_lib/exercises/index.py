"""A light index: names, points, kinds, read from the exercises' files without running them.

Loading all exercises imports torch and more; who only wants to show progress, or a table, waits for
nothing here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.exercises.registry import names_of


@dataclass(frozen=True)
class Entry:
    """What the index knows of an exercise."""

    name: str
    points: int | float
    difficulty: int
    minutes: int
    kind: str = "write"


@cache
def index(chapter: str) -> tuple[Entry, ...]:
    """Return the entries of a chapter's exercises, in its order.

    Raises ``CourseError`` where an exercise's file does not say its points plainly.

    >>> index("ch02_transformers")[0].name
    'softmax'
    """
    folder = Path(__file__).parent / chapter
    return tuple(_entry(folder / f"{name}.py") for name in names_of(chapter))


def _entry(path: Path) -> Entry:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXERCISE":
            assert isinstance(node.value, ast.Call)
            wanted = Entry.__dataclass_fields__
            plain = {
                word.arg: word.value.value
                for word in node.value.keywords
                if word.arg in wanted and isinstance(word.value, ast.Constant)
            }
            return Entry(**plain)  # type: ignore[arg-type]
    raise CourseError(str(path), expected="EXERCISE = Exercise(…)", got="none")
