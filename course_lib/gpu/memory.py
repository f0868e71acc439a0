"""How much memory a block of work takes at its peak, and how much is left.

On CUDA the allocator counts: *allocated* is what tensors hold, *reserved* is what the allocator
keeps from the driver, which is what other programs miss. On MPS only the driver's total is known.
On the CPU the process's resident memory is sampled, since no allocator keeps the books.
"""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from course_lib.gpu.device import choose_device

MIB = 2**20
SAMPLING_SECONDS = 0.005


@dataclass
class PeakMemory:
    """Bytes in use when the block began and at its peak; complete after the block.

    ``reserved`` is what the allocator held of the device at the peak; where that is not known
    apart, it equals ``peak``. Resident memory on the CPU counts the whole process.
    """

    device: torch.device
    start: int
    peak: int = 0
    reserved: int = 0

    @property
    def growth(self) -> int:
        """Bytes that the block needed on top of what was there."""
        return max(0, self.peak - self.start)

    def __str__(self) -> str:
        """Return one line in MiB."""
        kind = {"cuda": "allocated", "mps": "driver memory"}.get(self.device.type, "resident")
        line = f"peak {self.peak / MIB:.0f} MiB {kind}, {self.growth / MIB:.0f} MiB of it new"
        if self.device.type == "cuda":
            line += f"; {self.reserved / MIB:.0f} MiB reserved"
        return line


@contextlib.contextmanager
def peak_memory(device: str | torch.device | None = None) -> Iterator[PeakMemory]:
    """Watch the block's memory on ``device``; read the ``PeakMemory`` after the block.

    It is filled in when the block raises, too. On CUDA the counter of the peak starts anew, so
    an outer block that is watched as well sees only what follows the inner one.

    >>> with peak_memory("cpu") as memory:
    ...     block = torch.ones(1_000_000)
    >>> memory.peak >= memory.start > 0
    True
    """
    chosen = choose_device(device)
    watch = {"cuda": _watch_cuda, "mps": _watch_mps}.get(chosen.type, _watch_process)
    with watch(chosen) as memory:
        yield memory


def available_memory(device: str | torch.device | None = None) -> int:
    """Return how many bytes are still to be had on ``device``.

    >>> available_memory("cpu") > 0
    True
    """
    import psutil

    chosen = choose_device(device)
    if chosen.type == "cuda":
        return int(torch.cuda.mem_get_info(chosen)[0])
    if chosen.type == "mps":
        return int(torch.mps.recommended_max_memory()) - int(torch.mps.driver_allocated_memory())
    return int(psutil.virtual_memory().available)


def free_memory(device: str | torch.device | None = None) -> None:
    """Give back what nothing refers to any more: Python's cycles, then the allocator's cache."""
    chosen = choose_device(device)
    gc.collect()
    if chosen.type == "cuda":
        torch.cuda.empty_cache()
    elif chosen.type == "mps":
        torch.mps.empty_cache()


@contextlib.contextmanager
def _watch_cuda(device: torch.device) -> Iterator[PeakMemory]:
    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)
    memory = PeakMemory(device, torch.cuda.memory_allocated(device))
    try:
        yield memory
    finally:
        memory.peak = torch.cuda.max_memory_allocated(device)
        memory.reserved = torch.cuda.max_memory_reserved(device)


@contextlib.contextmanager
def _watch_mps(device: torch.device) -> Iterator[PeakMemory]:
    # The driver's total hardly falls while the allocator caches, so its end is near its peak,
    # provided that the cache is empty at the beginning.
    torch.mps.synchronize()
    torch.mps.empty_cache()
    memory = PeakMemory(device, torch.mps.driver_allocated_memory())
    try:
        yield memory
    finally:
        memory.peak = memory.reserved = max(memory.start, torch.mps.driver_allocated_memory())


@contextlib.contextmanager
def _watch_process(device: torch.device) -> Iterator[PeakMemory]:
    memory = PeakMemory(device, resident_memory())
    memory.peak = memory.start
    with _sampled(lambda: _raise_peak(memory)):
        yield memory


def resident_memory() -> int:
    """Return the bytes of this process that lie in memory now."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def _raise_peak(memory: PeakMemory) -> None:
    memory.peak = memory.reserved = max(memory.peak, resident_memory())


@contextlib.contextmanager
def _sampled(sample: Callable[[], None]) -> Iterator[None]:
    finished = threading.Event()

    def keep_sampling() -> None:
        while not finished.wait(SAMPLING_SECONDS):
            sample()

    thread = threading.Thread(target=keep_sampling, name="memory sampling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        sample()
        finished.set()
        thread.join()
