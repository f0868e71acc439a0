"""What a run says while it runs: a line for people, JSON lines and TensorBoard for later."""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

from course_lib.errors import InputError
from course_lib.training.next_token import perplexity
from course_lib.whole_file import whole_file

Row = dict[str, float | int]


class Log:
    """Takes in one row of numbers now and then; keeps all rows, and shows or writes them.

    With a ``folder``, each row is a line of ``log.jsonl`` and, where TensorBoard is asked for, a
    point of each curve. A run that goes on does so in the same files: ``begin`` takes out what the
    run before had written of steps that come again. A number that is not finite, which JSON doesn't
    know, becomes null.

    >>> log = Log(total=10, show=False)
    >>> log.row(step=2, loss=3.5)
    >>> log.rows
    [{'step': 2, 'loss': 3.5}]
    """

    def __init__(
        self,
        total: int,
        folder: Path | None = None,
        *,
        show: bool = True,
        tensorboard: bool = False,
    ) -> None:
        self.rows: list[Row] = []
        self._path = folder / "log.jsonl" if folder is not None else None
        self._curves = folder / "tensorboard" if folder is not None and tensorboard else None
        self._writer: Any = None
        self._bar = _Bar(total) if show else None

    def begin(self, step: int) -> None:
        """Begin, or go on, after so many steps; raises ``InputError`` without TensorBoard."""
        if self._path is not None:
            _keep_until(step, self._path)
        if self._curves is not None:
            self._writer = _tensorboard(self._curves, step)
        if self._bar:
            self._bar.begin(step)

    def row(self, step: int, **numbers: float | int) -> None:
        """Take in what is known after ``step`` steps."""
        known: Row = {"step": step, **numbers}
        self.rows.append(known)
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(_as_json(known)) + "\n")
        if self._writer:
            for name, value in numbers.items():
                self._writer.add_scalar(name, value, step)
        if self._bar:
            self._bar.show(step, known)

    def close(self) -> None:
        """Close TensorBoard's file and end the bar's line."""
        if self._writer:
            self._writer.close()
        if self._bar:
            self._bar.close()


def _as_json(row: Row) -> dict[str, float | int | None]:
    return {name: number if math.isfinite(number) else None for name, number in row.items()}


def _keep_until(step: int, path: Path) -> None:
    """Take out the rows after ``step``, and a last one that a killed run left unfinished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    kept = [line for line in lines if _step_of(line) <= step]
    if kept != lines:
        with whole_file(path) as file:
            file.writelines(kept)


def _step_of(line: bytes) -> float:
    try:
        return float(json.loads(line)["step"])
    except (ValueError, TypeError, KeyError):
        return math.inf


def _tensorboard(folder: Path, step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        expected = "the package of that name"
        remedy = "install it: pip install tensorboard"
        raise InputError("tensorboard", expected=expected, got=error, remedy=remedy) from error
    return SummaryWriter(str(folder), purge_step=step + 1)


class _Bar:
    """One line that is written over: share done, loss, speed, time left, memory."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.begin(0)
        self.lively = sys.stdout.isatty() or "ipykernel" in sys.modules
        self.width = 0
        self.next_word = 0.0

    def begin(self, step: int) -> None:
        """Count the time, and the steps that it took, from here."""
        self.first, self.began = step, time.monotonic()

    def show(self, step: int, known: Row) -> None:
        """Write the line over the one before; where that can't be done, a line now and then."""
        line = self._line(step, known)
        if self.lively:
            print(f"\r{line:<{self.width}}", end="", flush=True)
            self.width = max(self.width, len(line))
        elif step >= self.next_word or step >= self.total:
            print(line, flush=True)
            self.next_word = step + self.total / 10

    def close(self) -> None:
        """End the line."""
        if self.lively:
            print(flush=True)

    def _line(self, step: int, known: Row) -> str:
        parts = [f"step {step:,} of {self.total:,}"]
        if "loss" in known:
            parts.append(f"loss {known['loss']:.3f}")
        if "validation" in known:
            loss = known["validation"]
            parts.append(f"validation {loss:.3f} (perplexity {perplexity(loss):.1f})")
        if "per_second" in known:
            parts.append(f"{known['per_second']:,.0f} a second")
        if "memory" in known:
            parts.append(f"{known['memory'] / 2**20:,.0f} MiB")
        return " · ".join([*parts, *self._time_left(step)])

    def _time_left(self, step: int) -> list[str]:
        done = step - self.first
        if done <= 0 or step >= self.total:
            return []
        seconds = (time.monotonic() - self.began) / done * (self.total - step)
        return [f"{seconds:.0f} s left" if seconds < 120 else f"{seconds / 60:.0f} min left"]
