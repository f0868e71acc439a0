"""``course grade``: a class's submissions, by value, into nbgrader's gradebook."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from course_lib.cli.printing import Json, print_json, print_table
from course_lib.errors import InputError

INTERRUPTED = 130
Workers = Annotated[int, typer.Option(min=0, help="Grading processes; 0: none but this one.")]
Scheduler = Annotated[
    str | None, typer.Option(envvar="COURSE_SCHEDULER", help="A Dask cluster: tls://HOST:8786.")
]
Certificates = Annotated[
    Path | None,
    typer.Option(envvar="COURSE_CERTIFICATES", help="A folder: ca.pem, certificate.pem, key.pem."),
]
Insecure = Annotated[bool, typer.Option(help="Also a cluster that anybody can give orders to.")]
GradebookUrl = Annotated[
    str | None,
    typer.Option(envvar="COURSE_GRADEBOOK", help="A database: postgresql://USER@HOST/NAME."),
]
Require = Annotated[bool, typer.Option(help="Refuse any but the strongest sandbox.")]
Allow = Annotated[bool, typer.Option(help="Grade without a sandbox; every score waits for you.")]


def grade(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only these learners.")] = None,
    workers: Workers = 2,
    scheduler: Scheduler = None,
    certificates: Certificates = None,
    insecure_cluster: Insecure = False,
    gradebook: GradebookUrl = None,
    require_sandbox: Require = False,
    allow_unsandboxed: Allow = False,
    feedback: Annotated[bool, typer.Option(help="Write the feedback pages too.")] = True,
    again: Annotated[bool, typer.Option(help="Also what was graded to its end before.")] = False,
    as_json: Json = False,
) -> None:
    """Grade what learners handed in below submitted/NAME/CHAPTER; goes on where it was stopped."""
    from course_lib.grading.classroom import GRADEBOOK, grade_class, write_feedback

    level = chosen(require_sandbox, allow_unsandboxed)
    root, rows, unwritten = _root(), list[Any](), dict[str, str]()
    if gradebook:
        os.environ[GRADEBOOK] = gradebook
    wanted = chapters or _handed_in(root)
    if not wanted:
        raise InputError("submissions", expected=f"some in {root}/submitted", got="none",
                         remedy="course collect SOURCE brings them there")  # fmt: skip
    with (
        graders(workers, scheduler, certificates, insecure_cluster),
        progress_bar(quiet=as_json) as shown,
    ):
        for chapter in wanted:
            try:
                rows += grade_class(root, chapter, student or None, shown(chapter), again)
            except KeyboardInterrupt:
                print("stopped; nothing is lost: the same command goes on where this one was")
                raise typer.Exit(INTERRUPTED) from None
            if feedback:
                names = [row.student for row in rows if row.chapter == chapter and not row.error]
                unwritten |= write_feedback(root, chapter, names)[1]
    _tell(rows, level, root, gradebook, as_json)
    for name, reason in unwritten.items():
        print(f"no feedback page for {name}: {reason}", file=sys.stderr)
    if unwritten or any(row.error for row in rows):
        raise typer.Exit(1)


def chosen(require_sandbox: bool, allow_unsandboxed: bool) -> str:
    """Return the sandbox's level, for this process and for all that it starts.

    Raises ``SandboxError`` where the machine offers less than what was asked.
    """
    from course_lib.grading.classroom import ALLOW, REQUIRE
    from course_lib.grading.isolation import chosen_level

    for name, value in ((REQUIRE, require_sandbox), (ALLOW, allow_unsandboxed)):
        if value:
            os.environ[name] = "1"
    return str(chosen_level(allow_unsandboxed, require_sandbox))


@contextlib.contextmanager
def graders(
    workers: int,
    scheduler: str | None,
    certificates: Path | None = None,
    insecure_cluster: bool = False,
) -> Iterator[None]:
    """Have jobs graded by processes of this machine, by a cluster, or here."""
    import warnings

    from course_lib.grading.classroom import CERTIFICATES, GRADERS, INSECURE, PROCESSES, SCHEDULER

    chosen = {
        PROCESSES: str(workers), SCHEDULER: scheduler or "",
        CERTIFICATES: str(certificates or ""), INSECURE: "1" if insecure_cluster else "",
    }  # fmt: skip
    if scheduler and insecure_cluster:
        print(f"{scheduler}: anybody who reaches this cluster can change grades and run code here",
              file=sys.stderr, flush=True)  # fmt: skip
    with _variables(chosen), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            GRADERS.close()
            logging.disable(logging.NOTSET)


@contextlib.contextmanager
def _variables(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name)
            os.environ.update({name: before[name]} if name in before else {})


@contextlib.contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Any]:
    """Give a function that makes, for a chapter, what is told of each learner."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeLeft(), TextColumn("{task.fields[name]}"),
    )  # fmt: skip
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, speed_estimate_period=120) as bar:

        def chapter_told(chapter: str) -> Any:
            task = bar.add_task(chapter, total=None, rate="", name="")

            def told(name: str, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, name=name, rate=_rate(bar, task))

            return told

        yield chapter_told


def _rate(bar: Any, task: int) -> str:
    speed = bar.tasks[bar.task_ids.index(task)].speed
    return f"{60 * speed:.0f} a minute" if speed else ""


def _root() -> Path:
    from course_lib.grading.classroom import course_root

    return course_root()


def _handed_in(root: Path) -> list[str]:
    from course_lib.grading.classroom import source_chapters, submitted

    return [chapter for chapter in source_chapters(root) if submitted(root, chapter)]


def _tell(rows: list[Any], level: str, root: Path, gradebook: str | None, as_json: bool) -> None:
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
        return
    heads = ("learner", "chapter", "score", "of", "seconds", "found")
    table = [
        (row.student, row.chapter, row.points, row.max_points, row.seconds,
         f"NOT GRADED: {row.error}" if row.error else "; ".join(row.found[:3]))
        for row in rows
    ]  # fmt: skip
    print_table(f"Graded in a {level} sandbox", heads, table)
    place = gradebook.rpartition("@")[2] if gradebook else f"{root}/gradebook.db"
    print(f"gradebook  {place}\nfeedback   {root}/feedback")
    failed = sum(row.error is not None for row in rows)
    if failed:
        print(f"{failed} of {len(rows)} were NOT GRADED, through no fault of theirs; see above")
