"""How well this machine can shut a stranger's process in, found by trying and never by version.

``strong``: bubblewrap (no network, a read-only system, none of the course's files) and, inside it,
a world of its own for each submission, with a filter for system calls. ``medium``: Landlock and a
narrower filter, which need no namespaces. ``weak``: only limits on time and memory; used when the
instructor insists.
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
READABLE = "COURSE_READABLE"
DATA = "COURSE_DATA"
"""Where downloaded data lie; the home folder, where they are looked for, is another one there."""
OF_ITS_OWN = """
import os
from course_lib.grading.isolation import namespaces, seccomp
from course_lib.grading.isolation.limits import Limits
namespaces.enter_new_world()
if os.fork() == 0:
    namespaces.furnish("/tmp", Limits())
    namespaces.renounce()
    namespaces.set_limits(Limits())
    seccomp.install()
    os._exit(0)
raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
SHUT_IN = """
import os, socket, sys
from course_lib.grading.isolation import landlock, namespaces, sandbox, seccomp
namespaces.gain_no_rights()
landlock.restrict(sandbox.system_folders(), [])
seccomp.install(narrow=True)
tries = (os.listdir, "/etc"), (os.kill, os.getppid(), 0), (socket.socket,), (os.fork,)
for attempt, *what in tries:
    try:
        attempt(*what)
    except PermissionError:
        continue
    os._exit(1)
"""
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")


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
    """Return the strongest level that works here, by running a harmless process in it."""
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
    command = bubblewrap_command(package_root(), ())
    words = _tried([*command, sys.executable, "-c", OF_ITS_OWN])
    return words and f"namespaces are forbidden here: {words}"


def why_not_medium() -> str:
    """Return what keeps this machine from the medium level; nothing where it works."""
    return _tried([sys.executable, "-c", SHUT_IN])


def _tried(command: list[str]) -> str:
    variables = environment(str(package_root()))
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
        raise SandboxError("grading strangers' code", expected="a strong sandbox", got=str(level),
                           remedy="mend that, or grade without --require-sandbox")  # fmt: skip
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
    return Path(__file__).resolve().parents[3]


def bubblewrap_command(stage: Path, readable: tuple[Path, ...]) -> list[str]:
    """Return the start of a command line: what follows sees the system, ``stage`` and no more."""
    command = [
        shutil.which("bwrap") or "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
    ]
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
    for copy in _installed_copies([*SYSTEM, sys.base_prefix, sys.prefix]):
        command += ["--tmpfs", str(copy)]
    command += ["--ro-bind", str(stage), "/course", "--chdir", "/tmp"]
    for place in ("/dev", "/"):  # else one submission could leave notes there for another
        command += ["--remount-ro", place]
    for name, value in environment(readable=readable).items():
        command += ["--setenv", name, value]
    return command


def environment(stage: str = "/course", readable: tuple[Path, ...] = ()) -> dict[str, str]:
    """Return the whole environment of a stranger's process."""
    data = {DATA: str(readable[0])} if readable else {}
    return data | {
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


def system_folders() -> list[str]:
    """Return what every program needs to read: the system's libraries and this Python."""
    return [*SYSTEM, *SETTINGS, sys.base_prefix, sys.prefix]


def _installed_copies(shown: list[str]) -> list[Path]:
    """Return copies of the course below the folders that are shown, answers and all."""
    import sysconfig

    names = ("purelib", "platlib")
    found = {Path(sysconfig.get_path(name)) / "course_lib" for name in names}
    clone = package_root()
    if (clone / "solutions").is_dir() and any(clone.is_relative_to(place) for place in shown):
        found.add(clone)
    return sorted(path for path in found if path.is_dir())
