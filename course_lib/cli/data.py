"""``course data``: the data sets, which are here, and the download of the others."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from course_lib.cli.printing import Json, print_json, print_table


def data(
    names: Annotated[list[str] | None, typer.Argument(help="Data sets to get; none: list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Get every set.")] = False,
    workers: Annotated[int, typer.Option(help="Downloads at a time.", min=1, max=16)] = 4,
    as_json: Json = False,
) -> None:
    """List the data sets, or get the named ones; an interrupted download goes on later."""
    from course_lib.data import status

    missing = [row.name for row in status() if not row.present and row.get.startswith("course")]
    wanted = missing if everything else names
    if wanted:
        _fetched(wanted, workers, quiet=as_json)
    rows = [row for row in status() if not names or row.name in names]
    if as_json:
        print_json([{**dataclasses.asdict(row), "folder": str(row.folder)} for row in rows])
        return
    heads = ("set", "here", "size", "what")
    table = [
        (row.name, "yes" if row.present else "no", f"{row.size / 2**20:.1f} MiB", row.description)
        for row in rows
    ]
    print_table("Data sets", heads, table)
    for row in rows:
        if not row.present:
            print(f"get {row.name} by: {row.get}")
        elif names:
            print(f"{row.name}: {row.licence}; {row.source}; in {row.folder}")


def _fetched(names: list[str], workers: int, quiet: bool) -> None:
    from rich.progress import Progress

    from course_lib.data import fetch

    with Progress(disable=quiet, transient=True) as bar:
        task = bar.add_task("getting data", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        fetch(names, workers=workers, progress=show)
