"""``course check``: is every exercise sound, and which mistake fails which aspect?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from course_lib.cli.printing import Json, print_json, print_table
from course_lib.errors import InputError
from course_lib.exercises import Exercise
from course_lib.exercises.audit import Audit

MANY_SEEDS = 20


def check(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    seeds: Annotated[int, typer.Option(help="How many seeds to try.", min=1)] = 20,
    since: Annotated[
        str | None, typer.Option(help="A commit: what changed since is tried over 20 seeds.")
    ] = None,
    table: Annotated[bool, typer.Option(help="Show aspects × mistakes.")] = False,
    notebooks: Annotated[
        bool, typer.Option(help="Also run each notebook, solved and blank, as it will be graded.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that references pass, stubs fail, and every mistake is rejected and named.

    Of a chapter without exercises by value, the notebooks are run: the solved one must get all
    points and the blank one none, or the cell at fault is named.
    """
    from course_lib.exercises import chapters as all_chapters

    ours = all_chapters()
    wanted = chapters or ours
    audits = [found for name in wanted if name in ours for found in _audits(name, seeds, since)]
    others = [name for name in wanted if notebooks or name not in ours]
    unsound = {name: _unsound(name) for name in others}
    if as_json:
        print_json([found.to_dict() for found in audits])
    else:
        for found in audits:
            _report(found, table)
        if audits:
            mistakes = sum(len(found.exercise.mistakes) for found in audits)
            faults = sum(len(found.faults) for found in audits)
            tried = f"{seeds} seeds or more" if since else f"{seeds} seeds"
            print(f"{len(audits)} exercises, {mistakes} mistakes, {tried}: {faults} faults")
    for name, found_cells in unsound.items():
        _say(name, found_cells, as_json)
    if any(found.faults for found in audits) or any(unsound.values()) or not wanted:
        raise typer.Exit(1)


def _audits(chapter: str, seeds: int, since: str | None) -> list[Audit]:
    from course_lib.exercises import load
    from course_lib.exercises.audit import audit

    changed = _changed_modules(since) if since else frozenset()
    counts = {
        exercise: MANY_SEEDS if _modules(exercise) & changed else seeds
        for exercise in load(chapter)
    }
    return [audit(exercise, range(count)) for exercise, count in counts.items()]


def _modules(exercise: Exercise) -> frozenset[str]:
    """Return the modules in which an exercise and its reference stand."""
    return frozenset({exercise.cases.__module__, exercise.reference.partition(":")[0]})


def _changed_modules(since: str) -> frozenset[str]:
    """Return the modules whose files differ from a commit; none where git does not know it."""
    command = ["git", "diff", "--name-only", since, "--", "course_lib"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    names = run.stdout.split() if run.returncode == 0 else []
    return frozenset(name.removesuffix(".py").replace("/", ".") for name in names)


def _unsound(chapter: str) -> list[str]:
    """Return the faults of a chapter's notebooks, solved and blank."""
    from course_lib.grading.classroom import course_root, source_paths
    from course_lib.release import trial

    root = course_root()
    paths = source_paths(root, chapter)
    if not paths:
        raise InputError("the chapter", expected="source notebooks", got=f"none of {chapter!r}")
    return [fault for path in paths for fault in trial(path, root)]


def _say(chapter: str, faults: list[str], as_json: bool) -> None:
    for fault in faults:
        print(f"✗ {fault}", file=sys.stderr if as_json else sys.stdout)
    if not as_json and not faults:
        print(f"✓ {chapter}: the solved notebooks get every point, the blank ones none")


def _report(found: Audit, table: bool) -> None:
    mark = "✗" if found.faults else "✓"
    mistakes = len(found.exercise.mistakes)
    print(f"{mark} {found.exercise.name}: {mistakes} mistakes named over {found.seeds} seeds")
    for fault in found.faults:
        print(f"    {fault}")
    if table:
        rows = [
            (name, *("×" if aspect in failed else "" for aspect in found.aspects))
            for name, failed in found.failed_aspects.items()
        ]
        print_table("", ("mistake", *found.aspects), rows)
