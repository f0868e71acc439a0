"""``course bench``: our speed beside our peers', in one run."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from course_lib.cli.printing import Json, print_json, print_table
from course_lib.errors import InputError


def bench(
    subject: Annotated[str | None, typer.Argument(help="One subject; all if none.")] = None,
    as_json: Json = False,
) -> None:
    """Measure our speed beside our peers' and write benchmarks/RESULTS.md."""
    harness = _harness()
    rows = harness.run(subject)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
        return
    heads = ("name", "ours", "peer", "ratio", "limit", "target", "unit")
    print_table(
        "ours beside peers", heads, [[getattr(row, head) for head in heads] for row in rows]
    )


def _harness() -> Any:
    """Return ``benchmarks.harness``, which stands in the checkout and not in the library."""
    import importlib

    root = Path(__file__).resolve().parents[2]
    if not (root / "benchmarks" / "harness.py").exists():
        remedy = "benchmarks run from a clone of the course's repository"
        raise InputError("the benchmarks", got="an installation without them", remedy=remedy)
    sys.path.insert(0, str(root))
    return importlib.import_module("benchmarks.harness")
