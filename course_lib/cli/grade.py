"""``course grade``: a class's submissions, by value, into nbgrader's gradebook."""

from __future__ import annotations

import dataclasses
import logging
import os
from typing import Annotated, Any

import typer

from course_lib.cli.printing import Json, print_json, print_table


def grade(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only these learners.")] = None,
    feedback: Annotated[bool, typer.Option(help="Write the feedback pages too.")] = True,
    allow_unsandboxed: Annotated[
        bool, typer.Option(help="Grade without a sandbox; every score then waits for you.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Grade what learners handed in below submitted/NAME/CHAPTER."""
    from course_lib.exercises import chapters as all_chapters
    from course_lib.grading.bridge import ALLOW
    from course_lib.grading.class_run import grade_class, submitted, write_feedback
    from course_lib.grading.sandbox import chosen_level
    from course_lib.release import course_root

    if allow_unsandboxed:
        os.environ[ALLOW] = "1"
    level = chosen_level(allow_unsandboxed)
    root, rows = course_root(), list[Any]()
    logging.disable(logging.WARNING)
    for chapter in chapters or [name for name in all_chapters() if submitted(root, name)]:
        rows += grade_class(root, chapter, student, None if as_json else _show_progress)
        if feedback:
            write_feedback(root, chapter, student)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
    else:
        _print_rows(rows, str(level), str(root))
    if any(row.error for row in rows) or not rows:
        raise typer.Exit(1)


def _show_progress(name: str, number: int, total: int) -> None:
    print(f"  {number + 1} of {total}: {name}", flush=True)


def _print_rows(rows: list[Any], level: str, root: str) -> None:
    heads = ("learner", "chapter", "score", "of", "seconds", "found")
    table = [
        (row.student, row.chapter, row.points, row.max_points, row.seconds,
         row.error or "; ".join(row.found[:3]))
        for row in rows
    ]  # fmt: skip
    print_table(f"Graded in a {level} sandbox", heads, table)
    print(f"gradebook  {root}/gradebook.db\nfeedback   {root}/feedback")
