"""``course check``: is every exercise sound, and which mistake fails which aspect?"""

from __future__ import annotations

from typing import Annotated

import typer

from course_lib.cli.printing import Json, print_json, print_table
from course_lib.exercises.audit import Audit


def check(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    seeds: Annotated[int, typer.Option(help="How many seeds to try.", min=1)] = 20,
    table: Annotated[bool, typer.Option(help="Show aspects × mistakes.")] = False,
    as_json: Json = False,
) -> None:
    """Check that references pass, stubs fail, and every mistake is rejected and named."""
    from course_lib.exercises import chapters as all_chapters
    from course_lib.exercises import load
    from course_lib.exercises.audit import audit

    audits = []
    for chapter in chapters or all_chapters():
        for exercise in load(chapter):
            audits.append(audit(exercise, range(seeds)))
            if not as_json:
                _report(audits[-1], seeds, table)
    if as_json:
        print_json([found.to_dict() for found in audits])
    faults = sum(len(found.faults) for found in audits)
    if not as_json:
        mistakes = sum(len(found.exercise.mistakes) for found in audits)
        print(f"{len(audits)} exercises, {mistakes} mistakes, {seeds} seeds: {faults} faults")
    if faults or not audits:
        raise typer.Exit(1)


def _report(found: Audit, seeds: int, table: bool) -> None:
    mark = "✗" if found.faults else "✓"
    mistakes = len(found.exercise.mistakes)
    print(f"{mark} {found.exercise.name}: {mistakes} mistakes named over {seeds} seeds")
    for fault in found.faults:
        print(f"    {fault}")
    if table:
        rows = [
            (name, *("×" if aspect in failed else "" for aspect in found.aspects))
            for name, failed in found.failed_aspects.items()
        ]
        print_table("", ("mistake", *found.aspects), rows)
