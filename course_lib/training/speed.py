"""What a run has done since it was last asked: mean loss, targets a second, peak memory."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from course_lib.gpu import resident_memory


class Speed:
    """Adds up losses and counts on the device, and waits for it only when it is read.

    >>> speed = Speed(torch.device("cpu"))
    >>> speed.add(torch.tensor(6.0), torch.tensor(2))
    >>> speed.add(torch.tensor(1.0), torch.tensor(5))
    >>> speed.read()["loss"]  # 7 nats over 7 targets, not the mean of 3 and 0.2
    1.0
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.loss: Tensor | float = 0.0
        self.count: Tensor | float = 0.0
        self.began = time.perf_counter()

    def add(self, loss: Tensor, count: Tensor) -> None:
        """Take in one step's summed loss and count."""
        self.loss, self.count = self.loss + loss, self.count + count

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time that the block takes: evaluation, a checkpoint."""
        began = time.perf_counter()
        yield
        self.began += time.perf_counter() - began

    def read(self) -> dict[str, float]:
        """Return what was done since the last call, and start anew."""
        loss, count = float(self.loss), float(self.count)
        seconds = time.perf_counter() - self.began
        found = {
            "loss": loss / max(count, 1),
            "per_second": count / seconds,
            "memory": float(_memory(self.device)),
        }
        self.loss = self.count = 0.0
        self.began = time.perf_counter()
        return found


def _memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    return resident_memory()
