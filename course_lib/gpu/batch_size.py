"""Find the largest batch that fits, by trying: double until it fails, then halve the gap.

A processor is not driven to its limit, since there the system kills the process instead of raising
an error: from the growth seen so far the next batch's need is foretold, and refused beforehand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.gpu.device import choose_device
from course_lib.gpu.memory import available_memory, free_memory, peak_memory, resident_memory
from course_lib.gpu.out_of_memory import is_out_of_memory
from course_lib.gpu.restoring import State, as_before

RESERVE = 0.1  # the part of a processor's free memory that is left to others


def largest_batch(
    trial: Callable[[int], object],
    *,
    device: str | torch.device | None = None,
    limit: int = 4096,
    seconds: float | int = 60,
    state: Sequence[nn.Module | torch.optim.Optimizer] = (),
) -> int:
    """Return the largest batch size up to ``limit`` for which ``trial(size)`` has memory enough.

    ``trial`` does one full step (forward, backward, optimizer) on a batch of that size; what it
    returns is dropped. At most about ``2 log2(limit)`` steps are tried, and none is begun after
    ``seconds``: then the largest size known to fit is the answer. After every trial, whatever
    happened, caches are freed, and the weights, gradients and modes of ``state`` and the random
    numbers are as they were. Take about nine tenths of the answer for a long run, since memory
    fragments. Raises ``InputError`` when not even one example fits, and passes on every other
    error of ``trial``.

    >>> def trial(size):
    ...     if size > 37:
    ...         raise torch.OutOfMemoryError
    >>> largest_batch(trial, device="cpu")
    37
    """
    if limit < 1:
        raise InputError("the limit", expected="at least 1", got=limit)
    deadline = time.monotonic() + seconds
    fits = _Trials(trial, choose_device(device), state).fits
    if not fits(1):
        raise InputError(
            "the batch",
            expected="memory for at least one example",
            got="none",
            remedy="take a smaller model, shorter examples or a 16-bit precision",
        )
    good, bad = 1, limit + 1
    while bad - good > 1 and time.monotonic() < deadline:
        size = min(2 * good, limit) if bad > limit else (good + bad) // 2
        good, bad = (size, bad) if fits(size) else (good, size)
    return good


class _Trials:
    """Runs trials that leave no trace, and foretells a processor's memory from the past ones."""

    def __init__(self, trial: Callable[[int], object], device: torch.device, state: State) -> None:
        self.trial, self.device, self.state = trial, device, state
        self.resident_before = resident_memory()
        self.size, self.growth, self.bytes_each = 0, 0.0, 0.0

    def fits(self, size: int) -> bool:
        if self._foreseen_too_large(size):
            return False
        try:
            with as_before(self.device, self.state):
                return self._run_noting_memory(size)
        finally:
            free_memory(self.device)

    def _run(self, size: int) -> bool:
        try:
            self.trial(size)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            return False
        # The error is gone here, and with it the frames that held on to the trial's tensors.
        return True

    def _foreseen_too_large(self, size: int) -> bool:
        if self.device.type != "cpu":
            return False
        foreseen = self.growth + self.bytes_each * (size - self.size)
        return foreseen > (1 - RESERVE) * available_memory("cpu")

    def _run_noting_memory(self, size: int) -> bool:
        if self.device.type != "cpu":
            return self._run(size)
        with peak_memory("cpu") as memory:
            fitted = self._run(size)
        if fitted:
            # What does not grow with the batch (gradients, moments) is in both of two sizes alike;
            # after the first size alone, all of it counts as if it grew.
            growth = float(max(0, memory.peak - self.resident_before))
            self.bytes_each = max(0.0, growth - self.growth) / (size - self.size)
            self.size, self.growth = size, growth
        return fitted
