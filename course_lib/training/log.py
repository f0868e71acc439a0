"""What a run says while it runs: a line for people, JSON lines and TensorBoard for later."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from course_lib.training.next_token import perplexity

Row = dict[str, float | int]


class Log:
    """Takes in one row of numbers now and then; keeps all rows, and shows or writes them.

    With a ``folder``, each row is a line of ``log.jsonl`` (appended, so that a resumed run goes on
    in the same file) and, where TensorBoard is installed and asked for, a point of each curve.

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
        self._writer: Any = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        if folder is not None and tensorboard:
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(str(folder / "tensorboard"))
        self._bar = _Bar(total) if show else None

    def row(self, step: int, **numbers: float | int) -> None:
        """Take in what is known after ``step`` steps."""
        known: Row = {"step": step, **numbers}
        self.rows.append(known)
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(known) + "\n")
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


class _Bar:
    """One line that is written over: share done, loss, speed, time left, memory."""

    def __init__(self, total: int) -> None:
        self.total, self.began = total, time.monotonic()
        self.first: int | None = None
        self.lively = sys.stdout.isatty() or "ipykernel" in sys.modules
        self.width = 0
        self.next_word = 0.0

    def show(self, step: int, known: Row) -> None:
        """Write the line over the one before; where that can't be done, a line now and then."""
        self.first = self.first if self.first is not None else step
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
        done = step - (self.first or 0)
        if done <= 0 or step >= self.total:
            return []
        seconds = (time.monotonic() - self.began) / done * (self.total - step)
        return [f"{seconds:.0f} s left" if seconds < 120 else f"{seconds / 60:.0f} min left"]
