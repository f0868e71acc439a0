"""``course list``: every chapter, notebook and exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_lib.cli.printing import Json, print_json, print_table


def list_exercises(as_json: Json = False) -> None:
    """List the chapters, their notebooks and their exercises."""
    if as_json:
        print_json(described_chapters())
        return
    from course_lib.exercises import chapters, index
    from course_lib.grading.classroom import course_root, source_paths

    root = course_root()
    for chapter in chapters():
        known = {entry.name: entry for entry in index(chapter)}
        for path in source_paths(root, chapter):
            entries = [known[name] for name in _exercises_of(path)]
            rows = [
                (entry.name, entry.kind, entry.points, entry.difficulty, entry.minutes)
                for entry in entries
            ]
            heads = ("exercise", "kind", "points", "difficulty", "minutes")
            print_table(f"{chapter} · {path.stem}", heads, rows)


def described_chapters() -> list[dict[str, Any]]:
    """Return all chapters as JSON can carry them: notebooks, and in each its exercises."""
    from course_lib.exercises import chapters, load
    from course_lib.grading.classroom import course_root, source_paths

    root, described = course_root(), []
    for chapter in chapters():
        known = {exercise.name: _described(exercise) for exercise in load(chapter)}
        notebooks = [
            {"name": path.stem, "exercises": [known[name] for name in _exercises_of(path)]}
            for path in source_paths(root, chapter)
        ]
        described.append({"name": chapter, "notebooks": notebooks})
    return described


def _exercises_of(path: Path) -> list[str]:
    """Return the names of the exercises that a source notebook asks for, in its order."""
    from course_lib.grading.judging import read_source

    return [exercise.name for exercise in read_source(path).exercises]


def _described(exercise: Any) -> dict[str, Any]:
    from course_lib.exercises import PUBLIC_SEED

    return {
        "exercise": exercise.name,
        "name": exercise.name,
        "kind": exercise.kind,
        "points": exercise.points,
        "difficulty": exercise.difficulty,
        "minutes": exercise.minutes,
        "aspects": list(dict.fromkeys(case.aspect for case in exercise.draw(PUBLIC_SEED))),
        "mistakes": [mistake.name for mistake in exercise.mistakes],
        "reference": exercise.reference,
    }
