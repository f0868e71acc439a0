"""Measure how long work takes on a device.

A GPU works on its own: a call returns when the work has been queued, not when it is done. A clock
read without waiting for the device measures the queueing. Hence every reading here waits first.
The first calls compile, load and choose kernels, hence the warm-up; other programs only ever make a
run slower, hence the minimum beside the median.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from course_lib.errors import InputError
from course_lib.gpu.device import choose_device

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass
class Timing:
    """The seconds that each repeat took, in the order in which they ran.

    >>> print(Timing([0.004, 0.002, 0.003]))
    median 3 ms, fastest 2 ms of 3
    """

    seconds: list[float]

    @property
    def minimum(self) -> float:
        """The fastest repeat, in seconds."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The middle repeat, in seconds."""
        return statistics.median(self.seconds)

    def per_second(self, items: float | int) -> float:
        """Return how many items a second the median repeat handles, at ``items`` a repeat."""
        return items / self.median

    def __str__(self) -> str:
        """Return one line, in units that fit."""
        if not self.seconds:
            return "not measured yet"
        median, fastest = in_units(self.median), in_units(self.minimum)
        return f"median {median}, fastest {fastest} of {len(self.seconds)}"


def synchronise(device: str | torch.device | None = None) -> None:
    """Wait until ``device`` has finished what was asked of it; the CPU always has."""
    chosen = choose_device(device)
    if chosen.type == "cuda":
        torch.cuda.synchronize(chosen)
    elif chosen.type == "mps":
        torch.mps.synchronize()


@contextlib.contextmanager
def timed(device: str | torch.device | None = None) -> Iterator[Timing]:
    """Time the block, and wait for the device before each reading of the clock.

    The block's one time is in the ``Timing`` afterwards, unless the block raises.

    >>> with timed("cpu") as timing:
    ...     total = sum(range(1000))
    >>> len(timing.seconds), timing.median > 0
    (1, True)
    """
    chosen, timing = choose_device(device), Timing([])
    synchronise(chosen)
    started = time.perf_counter()
    yield timing
    synchronise(chosen)
    timing.seconds.append(time.perf_counter() - started)


def measure(
    work: Callable[[], object],
    *,
    device: str | torch.device | None = None,
    warm_up: int = 2,
    repeats: int = 7,
    calls: int = 1,
) -> Timing:
    """Time ``work()``: ``warm_up`` calls that do not count, then ``repeats`` timed ones.

    ``calls`` is how often one repeat calls it before it waits for the device; the time is divided
    by it. Take many for work of microseconds, where the waiting itself would count. Raises
    ``InputError`` for fewer than one repeat or call.

    >>> measure(lambda: sum(range(100)), device="cpu", repeats=3).seconds.__len__()
    3
    """
    for subject, count, least in (
        ("repeats", repeats, 1),
        ("calls", calls, 1),
        ("warm_up", warm_up, 0),
    ):
        if count < least:
            raise InputError(subject, expected=f"at least {least}", got=count)
    chosen = choose_device(device)
    for _ in range(warm_up):
        work()
    return Timing([_one_repeat(work, chosen, calls) for _ in range(repeats)])


def in_units(seconds: float | int) -> str:
    """Return a time with the unit that keeps its number readable.

    >>> in_units(0.0000425)
    '42.5 µs'
    """
    size, unit = next((pair for pair in UNITS if abs(seconds) >= pair[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def _one_repeat(work: Callable[[], object], device: torch.device, calls: int) -> float:
    with timed(device) as timing:
        for _ in range(calls):
            work()
    return timing.seconds[0] / calls
