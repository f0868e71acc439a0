"""Choose the device that a notebook runs on, and say in plain words what it is."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from course_lib.errors import InputError

VARIABLE = "COURSE_DEVICE"
GIB = 2**30


@dataclass(frozen=True)
class DeviceDescription:
    """What the learner should know of a device.

    ``memory`` is in bytes: the device's own, or the machine's where the two are one. ``cores``
    counts a GPU's multiprocessors or the processor's cores that this process may use, and is 0
    where nobody tells.
    """

    device: str
    name: str
    memory: int
    cores: int
    kind_of_cores: str

    def __str__(self) -> str:
        """Return one line, for example ``Tesla T4 (cuda:0), 14.6 GiB, 40 multiprocessors``."""
        cores = f", {self.cores} {self.kind_of_cores}" if self.cores else ""
        return f"{self.name} ({self.device}), {self.memory / GIB:.1f} GiB{cores}"


def choose_device(wanted: str | torch.device | None = None) -> torch.device:
    """Return the device to compute on: CUDA, else Apple's MPS, else the CPU.

    ``wanted`` decides when it is given, else the environment variable ``COURSE_DEVICE``;
    ``"auto"`` is the same as leaving it out. Raises ``InputError`` for a device that PyTorch does
    not know, or that this machine does not have.

    >>> choose_device("cpu")
    device(type='cpu')
    """
    name = str(wanted or os.environ.get(VARIABLE, "").strip() or "auto")
    if name != "auto":
        return _present(_parsed(name.lower()))
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def describe_device(device: str | torch.device | None = None) -> DeviceDescription:
    """Return the name, the memory and the cores of ``device``, by default of the chosen one.

    >>> describe_device("cpu").device
    'cpu'
    """
    chosen = choose_device(device)
    if chosen.type == "cuda":
        return _describe_cuda(chosen)
    return _describe_mps() if chosen.type == "mps" else _describe_cpu()


def _parsed(name: str) -> torch.device:
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in ("cuda", "mps", "cpu"):
        raise InputError(
            "the device",
            expected="cuda, cuda:<number>, mps, cpu or auto",
            got=repr(name),
            remedy=f"change the argument or the variable {VARIABLE}",
        )
    return device


def _present(device: torch.device) -> torch.device:
    if (device.index or 0) < _how_many(device.type):
        return device
    raise InputError(
        "the device",
        expected="one that this machine has",
        got=repr(str(device)),
        remedy=f"leave it out (or unset {VARIABLE}) to use the best that there is",
    )


def _how_many(kind: str) -> int:
    if kind == "cuda":
        return torch.cuda.device_count() if torch.cuda.is_available() else 0
    return int(kind == "cpu" or torch.backends.mps.is_available())


def _describe_cuda(device: torch.device) -> DeviceDescription:
    index = torch.cuda.current_device() if device.index is None else device.index
    facts = torch.cuda.get_device_properties(index)
    return DeviceDescription(
        f"cuda:{index}",
        facts.name,
        facts.total_memory,
        facts.multi_processor_count,
        "multiprocessors",
    )


def _describe_mps() -> DeviceDescription:
    # Apple's GPU shares the machine's memory; this is the part that Metal advises a program to use.
    memory = int(torch.mps.recommended_max_memory())
    return DeviceDescription("mps", "Apple GPU", memory, 0, "cores")


def _describe_cpu() -> DeviceDescription:
    import psutil

    memory = int(psutil.virtual_memory().total)
    return DeviceDescription("cpu", _processor_name(), memory, _usable_cores(), "cores")


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # a container or a job may own only some of the cores
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 0


def _processor_name() -> str:
    import platform

    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model n")]
    except OSError:
        names = []
    return (names and names[0]) or platform.processor() or platform.machine() or "processor"
