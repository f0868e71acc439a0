"""Watching over a submission's world from outside: how many processes, how much memory.

The kernel counts neither for a whole tree without control groups, which a container rarely has, and
exempts root from its count of processes. So the process that waits for the world also looks at it,
twenty times a second, and ends it when it has grown too large.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

from course_lib.grading.isolation.limits import Limits

SECONDS_BETWEEN_LOOKS = 0.05
SIGNALS = {signal.SIGTERM, signal.SIGCHLD}
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def watch(first: int, processes_folder: int, limits: Limits) -> None:
    """Wait until the process ``first`` has ended; end it when told to, or when it is too large.

    ``processes_folder`` is an open descriptor of ``/proc``. With ``first``, the first process of
    its namespace, the kernel ends all others in it.
    """
    while os.waitpid(first, os.WNOHANG)[0] == 0:
        received = signal.sigtimedwait(SIGNALS, SECONDS_BETWEEN_LOOKS)
        told = received is not None and received.si_signo == signal.SIGTERM
        if told or _too_large(first, processes_folder, limits):
            os.kill(first, signal.SIGKILL)
            os.waitpid(first, 0)
            return


def _too_large(first: int, processes_folder: int, limits: Limits) -> bool:
    numbers = descendants(first, processes_folder)
    if len(numbers) > limits.processes:
        return True
    return sum(_own_bytes(number, processes_folder) for number in numbers) > limits.memory_bytes


def descendants(first: int, processes_folder: int) -> set[int]:
    """Return ``first`` and every process that descends from it."""
    parents = dict(_parents(processes_folder))
    found, grown = {first}, True
    while grown:
        more = {number for number, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found


def _parents(processes_folder: int) -> Iterator[tuple[int, int]]:
    for name in os.listdir(processes_folder):
        if name.isdigit():
            words = _read(f"{name}/stat", processes_folder).rpartition(")")[2].split()
            if len(words) > 1:
                yield int(name), int(words[1])


def _own_bytes(number: int, processes_folder: int) -> int:
    """Return the memory that a process does not share with files."""
    words = _read(f"{number}/statm", processes_folder).split()
    return PAGE * (int(words[1]) - int(words[2])) if len(words) > 2 else 0


def _read(path: str, processes_folder: int) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=processes_folder)
    except OSError:
        return ""
    try:
        return os.read(descriptor, 4096).decode("utf-8", "replace")
    except OSError:  # the process ended between the two calls
        return ""
    finally:
        os.close(descriptor)
