"""How well this machine can shut a stranger's process in, found by trying and never by version.

``strong``: bubblewrap (no network, a read-only system, none of the course's files) and, inside it,
a world of its own for each submission, with a filter for system calls. ``medium``: Landlock and a
narrower filter, which need no namespaces. ``weak``: only limits on time and memory; used when the
instructor insists. What can be seen is a list in both (see ``visible``).
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course_lib.errors import CourseError
from course_lib.grading.isolation import stage
from course_lib.grading.isolation.trials import OF_ITS_OWN, SECRETS, SHUT_IN, secrets_beside
from course_lib.grading.isolation.visible import LINKED, hidden, needed, without

PROBE_SECONDS = 60
READABLE = "COURSE_READABLE"
"""What Landlock lets a process read: paths to read, and folders whose names only are listed."""
PRIVATE = "COURSE_PRIVATE"
"""The folder that each submission has for itself."""
DATA = "COURSE_DATA"
"""Where downloaded data lie; the home folder, where they are looked for, is another one there."""


@dataclass(frozen=True)
class Level:
    """How a submission is shut in: the level's name and, where it is not the strongest, why."""

    name: Literal["strong", "medium", "weak"]
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})" if self.reason else self.name


class SandboxError(CourseError):
    """The machine cannot shut a submission in as well as was asked."""


@functools.cache
def probe() -> Level:
    """Return the strongest level that works here, by running a harmless process in it.

    The process imports what a submission's does, and must fail to read the course's own files.
    """
    if sys.platform != "linux":
        return Level("weak", f"neither namespaces nor Landlock on {sys.platform}")
    reason = why_not_strong()
    if not reason:
        return Level("strong")
    other = why_not_medium()
    return Level("weak", f"{reason}; {other}") if other else Level("medium", reason)


def why_not_strong() -> str:
    """Return what keeps this machine from the strong level; nothing where it works."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is missing: sudo apt-get install bubblewrap"
    with tempfile.TemporaryDirectory(prefix="course-stage-") as folder:
        stage.fill(Path(folder), ())
        command = bubblewrap_command(Path(folder), ())
        command += ["--setenv", SECRETS, secrets_beside()]
        words = _tried([*command, sys.executable, "-c", OF_ITS_OWN], {})
    return words and f"namespaces are forbidden here, or do not shut in: {words}"


def why_not_medium() -> str:
    """Return what keeps this machine from the medium level; nothing where it works."""
    with tempfile.TemporaryDirectory(prefix="course-stage-") as folder:
        stage.fill(Path(folder), ())
        variables = landlock_variables(Path(folder), ()) | {SECRETS: secrets_beside()}
        return _tried([sys.executable, "-c", SHUT_IN], variables)


def _tried(command: list[str], variables: dict[str, str]) -> str:
    try:
        tried = subprocess.run(
            command, capture_output=True, text=True, timeout=PROBE_SECONDS, env=variables, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]} does not start: {error}"
    words = tried.stderr.strip().splitlines() or ["no reason given"]
    return words[-1] if tried.returncode else ""


def chosen_level(allow_unsandboxed: bool = False, require_strong: bool = False) -> Level:
    """Return the level to grade with.

    Raises ``SandboxError`` for a weak one unless it is allowed, and for any but the strongest one
    where that is required.
    """
    level = probe()
    if require_strong and level.name != "strong":
        raise SandboxError(
            "grading strangers' code",
            expected="a strong sandbox",
            got=str(level),
            remedy="mend that, or grade without --require-sandbox",
        )
    if level.name == "weak" and not allow_unsandboxed:
        raise SandboxError(
            "grading strangers' code",
            expected="a sandbox",
            got=str(level),
            remedy="mend that, or pass --allow-unsandboxed if you trust every submission",
        )
    return level


def bubblewrap_command(staged: Path, readable: tuple[Path, ...]) -> list[str]:
    """Return the start of a command line: what follows sees the stage, what it needs, no more."""
    command = [
        shutil.which("bwrap") or "bwrap",
        *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
    ]
    for place in LINKED:
        if os.path.islink(place):
            command += ["--symlink", os.readlink(place), place]
    command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    command += _layers([*needed(), *readable], hidden())
    private = private_folder()
    command += ["--dir", private, "--ro-bind", str(staged), "/course", "--chdir", private]
    for place in ("/dev", "/"):  # else one submission could leave notes there for another
        command += ["--remount-ro", place]
    for name, value in environment(readable=readable).items():
        command += ["--setenv", name, value]
    return command


def _layers(seen: list[Path], secrets: list[Path]) -> list[str]:
    """Return the places, from the root down: what lies deeper covers what lies above it.

    So an empty folder covers the course, and a virtual environment inside it lies over that.
    """
    shown = [path for path in secrets if any(path.is_relative_to(one) for one in seen)]
    above = [path for path in secrets if any(one.is_relative_to(path) for one in seen)]
    words: list[str] = []
    for path in sorted({*seen, *shown, *above}, key=lambda path: (len(path.parts), path)):
        if path not in secrets:
            words += ["--ro-bind", str(path), str(path)]
        elif path.is_dir():
            words += ["--tmpfs", str(path)]
        else:
            words += ["--ro-bind", "/dev/null", str(path)]
    return words


def private_folder() -> str:
    """Return where a submission has its own files: not over anything that it needs to see."""
    below = any(path.is_relative_to("/tmp") for path in needed())
    return "/submission" if below else "/tmp"


def environment(staged: str = "/course", readable: tuple[Path, ...] = ()) -> dict[str, str]:
    """Return the whole environment of a stranger's process."""
    data = {DATA: str(readable[0])} if readable else {}
    return data | {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "PYTHONPATH": staged,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        PRIVATE: private_folder(),
        "HOME": private_folder(),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


def landlock_variables(staged: Path, readable: tuple[Path, ...]) -> dict[str, str]:
    """Return the environment of a process that shuts itself in by Landlock."""
    seen, listed = without(needed(), hidden())
    paths = [str(path) for path in (*seen, staged, *readable)]
    variables = environment(str(staged), readable) | {"HOME": str(staged)}
    return variables | {READABLE: json.dumps([paths, [str(path) for path in listed]])}
