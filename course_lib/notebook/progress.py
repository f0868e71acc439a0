"""What a learner has passed and which hints were opened: one small file on their machine."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from course_lib.whole_file import write_whole

SECONDS_TO_WAIT = 2.0  # for another kernel, which writes within milliseconds
MOST = 1e6  # points or hints that an exercise can have


def progress_file() -> Path:
    """Return where progress is kept: ``COURSE_HOME``, or the user's own data folder."""
    home = os.environ.get("COURSE_HOME") or platformdirs.user_data_dir("words-and-pixels")
    return Path(home) / "progress.json"


class KeptProgress:
    """The exercises passed and hints opened over all chapters; nothing leaves the machine."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or progress_file()

    def read(self) -> dict[str, dict[str, float | int]]:
        """Return what is known of each exercise; what cannot be read counts as nothing."""
        try:
            known = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        entries = known.items() if isinstance(known, dict) else ()
        return {name: _numbers(entry) for name, entry in entries if isinstance(entry, dict)}

    def record(self, name: str, points: int | float, max_points: int | float) -> None:
        """Keep the best result of the exercise called ``name``."""
        with self._alone():
            entry = self.read().get(name, {})
            best = max(points, entry.get("points", 0.0))
            self._write(name, {**entry, "points": best, "max_points": max_points})

    def open_hint(self, name: str, available: int) -> int:
        """Count one more opened hint and return its number, from 1; it stays at the last one."""
        with self._alone():
            entry = self.read().get(name, {})
            number = min(int(entry.get("hints", 0)) + 1, available)
            self._write(name, {**entry, "hints": number})
        return number

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other kernels from writing between our reading and our writing, where possible."""
        from filelock import FileLock

        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=SECONDS_TO_WAIT)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, NotImplementedError):  # neither must a home without locks
            pass
        try:
            yield
        finally:
            lock.release()

    def _write(self, name: str, entry: dict[str, float | int]) -> None:
        known = {**self.read(), name: entry}
        try:
            write_whole(self.path, json.dumps(known, indent=1, ensure_ascii=False))
        except OSError:  # a read-only home must not stop a learner
            return


def _numbers(entry: dict[str, Any]) -> dict[str, float | int]:
    """Return the fields of an entry that can be points or hints."""
    return {
        field: value
        for field, value in entry.items()
        if type(value) in (int, float) and 0 <= value < MOST  # NaN is neither
    }


@dataclass(frozen=True)
class ProgressTable:
    """All chapters with what has been passed in each: shows itself as text or as an HTML table."""

    rows: tuple[tuple[str, int, int, float, float], ...]

    def __str__(self) -> str:
        lines = [f"{'chapter':<24} passed   points"]
        lines += [
            f"{name:<24} {passed:>2} of {count:<3} {points:.3g} of {most:.3g}"
            for name, passed, count, points, most in self.rows
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
            f'<td><progress max="{count}" value="{passed}" aria-label="{name}"></progress> '
            f"{passed} of {count}</td><td>{points:.3g} of {most:.3g}</td></tr>"
            for name, passed, count, points, most in self.rows
        )
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("chapter", "passed", "points"))
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table>"


def progress_table(progress: KeptProgress) -> ProgressTable:
    """Return how far the learner is in every chapter of the course."""
    from course_lib.exercises import chapters, index

    known = progress.read()
    rows = []
    for chapter in chapters():
        exercises = index(chapter)
        earned = [float(known.get(exercise.name, {}).get("points", 0.0)) for exercise in exercises]
        passed = sum(e >= exercise.points for e, exercise in zip(earned, exercises, strict=True))
        most = float(sum(exercise.points for exercise in exercises))
        rows.append((chapter, passed, len(exercises), float(sum(earned)), most))
    return ProgressTable(tuple(rows))
