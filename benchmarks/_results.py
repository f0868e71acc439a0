"""RESULTS.md: a section for each subject, with the machine, the versions and the day."""

from __future__ import annotations

import datetime
import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from course_lib.whole_file import write_whole

ROUNDS = 5

HEADING = """# Our speed beside our peers'

Written by `course bench`. Ours and the peer's are timed in turn in one run, and the least time of
each counts, after both have given the same result. A ratio above 1 means that ours is faster.
Absolute speeds hold for the machine and the day that stand below them.
"""
COLUMNS = ("what", "ours", "peer", "ratio", "target", "limit", "unit")


@dataclass(frozen=True)
class Row:
    """One comparison: speeds in ``unit``, ``ratio`` = ours ÷ peer, which should reach ``target``.

    ``limit`` is the speed in the same unit that the machine's physics allows, where it is known.
    """

    name: str
    ours: float
    peer: float | None
    ratio: float | None
    limit: float | None
    target: float | None
    unit: str
    rounds: int = ROUNDS

    @property
    def met(self) -> bool | None:
        """Whether the ratio (without a peer: our speed) reaches the target; None without one."""
        reached = self.ours if self.ratio is None else self.ratio
        return None if self.target is None else reached >= self.target


def write_section(
    path: Path, subject: str, rows: Sequence[Row], packages: Iterable[str] = ()
) -> None:
    """Put the rows of ``subject`` into the file, in place of its earlier ones; others stay."""
    known = path.read_text("utf-8") if path.exists() else ""
    sections = dict(re.findall(r"^## (.+?)\n\n(.*?)\s*(?=^## |\Z)", known, re.M | re.S))
    sections[subject] = f"{table(rows)}\n\n{circumstances(rows, packages)}"
    blocks = [HEADING, *(f"## {name}\n\n{sections[name]}\n" for name in sorted(sections))]
    write_whole(path, "\n".join(blocks))


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" + "|--:" * 5 + "|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g} ×"
        sign = "" if row.ratio is None else " ×"
        target = "" if row.target is None else f"≥ {row.target:g}{sign}"
        if row.met is False:
            target += " (missed)"
        numbers = (_number(row.ours), _number(row.peer), ratio, target, _number(row.limit))
        name = row.name.replace("|", "\\|")
        lines.append("| " + " | ".join((name, *numbers, row.unit)) + " |")
    return "\n".join(lines)


def circumstances(rows: Sequence[Row], packages: Iterable[str]) -> str:
    """Return one line: the day, the rounds, the machine and the versions."""
    rounds = sorted({row.rounds for row in rows})
    counted = f"{'–'.join(map(str, rounds[:1] + rounds[1:][-1:]))} rounds"
    versions = [f"Python {platform.python_version()}", *map(_version, packages)]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return f"{today}; {counted}; {machine()}; {', '.join(versions)}."


def machine() -> str:
    """Return what this machine is: processor, cores, system and, where there is one, the GPU.

    The GPU is named only where torch is loaded already: a benchmark that uses none need not wait.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{_processor()}, {cores} cores", platform.system()]
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    return ", ".join(parts)


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} (not installed)"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
