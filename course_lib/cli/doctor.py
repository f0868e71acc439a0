"""``course doctor``: what machine this is, what is wrong, and the command that mends it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import typer

from course_lib.cli.printing import Json, print_json

SUPPORTED = ((3, 11), (3, 13))


@dataclass(frozen=True)
class Finding:
    """One thing about this machine: ``mend`` is the command that puts it right, if it needs one."""

    what: str
    state: str
    mend: str = ""
    needed: bool = False


def doctor(as_json: Json = False) -> None:
    """Say what this machine offers, and how to mend what is missing."""
    findings = [find() for find in FINDINGS]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "✓" if not finding.mend else ("✗" if finding.needed else "·")
            print(f"{mark} {finding.what:<18} {finding.state}")
            if finding.mend:
                print(f"{'':<21}mend it with: {finding.mend}")
    if any(finding.mend and finding.needed for finding in findings):
        raise typer.Exit(1)


def _python() -> Finding:
    version = platform.python_version()
    fits = SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]
    mend = "" if fits else "make lab PYTHON=python3.12, after removing .venv"
    return Finding("Python", f"{version} on {platform.system()} {platform.machine()}", mend, True)


def _torch() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("torch", "missing", "pip install torch", True)
    return Finding("torch", importlib.metadata.version("torch"))


def _device() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("device", "unknown without torch")
    from course_lib.gpu import describe_device

    return Finding("device", str(describe_device()))


def _precision() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("precision", "unknown without torch")
    from course_lib.gpu import choose_precision

    return Finding("precision", str(choose_precision()))


def _memory() -> Finding:
    import os

    import psutil

    gibibytes = psutil.virtual_memory().total / 2**30
    state = f"{gibibytes:.0f} GiB, {os.cpu_count()} processors"
    return Finding(
        "memory", state, "close other programs: 4 GiB are needed" if gibibytes < 3.5 else ""
    )


def _opencv() -> Finding:
    if importlib.util.find_spec("cv2") is None:
        return Finding("OpenCV", "not installed (chapter 05 needs it)")
    import cv2

    return Finding("OpenCV", f"{cv2.__version__} (major {cv2.__version__.partition('.')[0]})")


def _nbgrader() -> Finding:
    try:
        return Finding("nbgrader", importlib.metadata.version("nbgrader"))
    except importlib.metadata.PackageNotFoundError:
        return Finding("nbgrader", "not installed (instructors need it)",
                       "python set_up.py lab grading")  # fmt: skip


def _sandbox() -> Finding:
    from course_lib.grading.isolation import probe

    level = probe()
    needs = level.name == "weak" and sys.platform == "linux"
    mend = "sudo apt-get install bubblewrap" if needs and "missing" in level.reason else ""
    return Finding("sandbox", str(level), mend)


def _data() -> Finding:
    from course_lib.data import status

    rows = status()
    missing = [row for row in rows if not row.present]
    state = f"{len(rows) - len(missing)} of {len(rows)} sets are here"
    state += f"; not yet: {', '.join(row.name for row in missing)}" if missing else ""
    return Finding("data", state, missing[0].get if missing else "")


FINDINGS: tuple[Callable[[], Finding], ...] = (
    _python, _torch, _device, _precision, _memory, _opencv, _nbgrader, _sandbox, _data,
)  # fmt: skip
