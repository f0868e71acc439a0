"""``course report``: what an instructor wants to know of a class, and scores for platforms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from course_lib.cli.grade import GradebookUrl
from course_lib.cli.printing import Json, print_json
from course_lib.whole_file import write_whole

PAGE = "index.html"


def report(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    to: Annotated[Path, typer.Option(help="The folder for the page and the files.")] = Path(
        "report"
    ),
    roster: Annotated[
        Path | None, typer.Option(help="Moodle's or Canvas's export (CSV), to know people by.")
    ] = None,
    gradebook: GradebookUrl = None,
    as_json: Json = False,
) -> None:
    """Write one page about the class, and its scores as CSV, JSON, and for Moodle and Canvas."""
    from course_lib.grading.classroom import GRADEBOOK, course_root
    from course_lib.reporting import as_json as told
    from course_lib.reporting import gather, page, write_exports

    if gradebook:
        os.environ[GRADEBOOK] = gradebook
    found = gather(course_root(), chapters)
    to.mkdir(parents=True, exist_ok=True)
    files = write_exports(found, to, roster)
    files.insert(0, write_whole(to / PAGE, page(found)))
    if as_json:
        print_json(told(found))
        return
    for chapter in found.chapters:
        waiting = sum(result.waits for result in chapter.results.values())
        print(f"{chapter.name}: {len(chapter.results)} learners, {waiting} wait for a person, "
              f"{len(chapter.ungraded)} not graded, {len(chapter.alike)} pairs alike")  # fmt: skip
    for path in files:
        print(f"  {path}")
