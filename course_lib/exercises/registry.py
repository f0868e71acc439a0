"""Finding exercises: a chapter is a folder beside this file, an exercise a module in it.

The folder's ``EXERCISES`` names its modules in the order in which the chapter asks for them; a
module bears the name of its exercise and holds it as ``EXERCISE``.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from course_lib.errors import InputError, UnknownExerciseError
from course_lib.exercises.exercise import Exercise


def chapters() -> tuple[str, ...]:
    """Return the names of all chapters that have exercises, in the order of the course."""
    folder = str(Path(__file__).parent)
    names = (found.name for found in pkgutil.iter_modules([folder]) if found.ispkg)
    return tuple(sorted(name for name in names if name.startswith("ch")))


def load(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of one chapter, in the order in which the chapter asks for them.

    Raises ``InputError`` for a chapter that the course does not have.
    """
    if chapter not in chapters():
        raise InputError("the chapter", expected=" or ".join(chapters()), got=repr(chapter))
    return tuple(_exercise(chapter, name) for name in names_of(chapter))


def find(name: str) -> Exercise:
    """Return the exercise called ``name``; raises ``UnknownExerciseError`` with near names."""
    for chapter in chapters():
        if name in names_of(chapter):
            return _exercise(chapter, name)
    raise UnknownExerciseError("the exercise's name", got=repr(name), remedy=_suggestion(name))


def names_of(chapter: str) -> tuple[str, ...]:
    """Return the names of a chapter's exercises, in its order, without loading any."""
    names: tuple[str, ...] = importlib.import_module(f"{__package__}.{chapter}").EXERCISES
    return names


@cache
def _exercise(chapter: str, name: str) -> Exercise:
    exercise: Exercise = importlib.import_module(f"{__package__}.{chapter}.{name}").EXERCISE
    return exercise


def _suggestion(name: str) -> str:
    import difflib

    known = [known for chapter in chapters() for known in names_of(chapter)]
    near = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else "course list shows all names"
