"""How the commands print: JSON for programs, tables and progress for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

WIDTH = 110
"""Columns of a table that goes to a file or to another program."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def print_json(value: Any) -> None:
    """Print one JSON document, whose escapes hold what the output's encoding does not."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1)
    print(text)


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table that fits the terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", expand=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else _text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)


def _text(cell: object) -> str:
    from rich.markup import escape

    return escape(f"{cell:.3g}" if isinstance(cell, float) else str(cell))
