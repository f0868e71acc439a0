"""How well this machine can shut a stranger's process in, found by trying and never by version.

``strong``: bubblewrap (no network, a read-only system, none of the course's files) and, inside it,
a world of its own for each submission. ``weak``: only limits on time, memory and processes; used
when the instructor insists.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course_lib.errors import CourseError

PROBE_SECONDS = 30
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")


@dataclass(frozen=True)
class Level:
    """How a submission is shut in: the level's name and, where it is not the strongest, why."""

    name: Literal["strong", "weak"]
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})" if self.reason else self.name


class SandboxError(CourseError):
    """The machine cannot shut a submission in as well as was asked."""


@functools.cache
def probe() -> Level:
    """Return the strongest level that works here, by running a harmless process in it."""
    bubblewrap = shutil.which("bwrap")
    if sys.platform != "linux":
        return Level("weak", f"no namespaces on {sys.platform}")
    if bubblewrap is None:
        return Level("weak", "bubblewrap is missing: sudo apt-get install bubblewrap")
    test = "from course_lib.grading.namespaces import *; enter_new_world()"
    command = [*bubblewrap_command(package_root(), ()), sys.executable, "-c", test]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Level("weak", f"bubblewrap does not start: {error}")
    if tried.returncode:
        words = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Level("weak", f"namespaces are forbidden here: {words}")
    return Level("strong")


def chosen_level(allow_unsandboxed: bool = False) -> Level:
    """Return the level to grade with; raises ``SandboxError`` for a weak one, unless allowed."""
    level = probe()
    if level.name == "weak" and not allow_unsandboxed:
        raise SandboxError(
            "grading strangers' code",
            expected="a sandbox",
            got=str(level),
            remedy="mend that, or pass --allow-unsandboxed if you trust every submission",
        )
    return level


def package_root() -> Path:
    """Return the folder that holds the real ``course_lib``."""
    return Path(__file__).resolve().parents[2]


def bubblewrap_command(stage: Path, readable: tuple[Path, ...]) -> list[str]:
    """Return the start of a command line: what follows sees the system, ``stage`` and no more."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for place in SYSTEM:
        if os.path.islink(place):
            command += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            command += ["--ro-bind", place, place]
    for place in SETTINGS:
        command += ["--ro-bind-try", place, place]
    command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for prefix in dict.fromkeys([sys.base_prefix, sys.prefix]):
        if not prefix.startswith("/usr"):
            command += ["--ro-bind", prefix, prefix]
    for folder in readable:
        command += ["--ro-bind", str(folder), str(folder)]
    for copy in _installed_copies():
        command += ["--tmpfs", str(copy)]
    command += ["--ro-bind", str(stage), "/course", "--chdir", "/tmp"]
    for place in ("/dev", "/"):  # else one submission could leave notes there for another
        command += ["--remount-ro", place]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    return command


def environment(stage: str = "/course") -> dict[str, str]:
    """Return the whole environment of a stranger's process."""
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "PYTHONPATH": stage,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


def _installed_copies() -> list[Path]:
    """Return installations of the course below the interpreter's prefixes, answers and all."""
    import sysconfig

    names = ("purelib", "platlib")
    found = {Path(sysconfig.get_path(name)) / "course_lib" for name in names}
    return sorted(path for path in found if path.is_dir())
