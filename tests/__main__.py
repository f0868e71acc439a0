"""Everything that the continuous integration runs, part by part, with a line of time for each.

`python -m tests [pytest arguments]`; `make test` calls it. A part that fails ends the run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SINCE = os.environ.get("COURSE_SINCE", "HEAD~1")
"""The commit from which exercises count as changed: these are audited over twenty seeds."""


def parts(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Return the parts of the run, in their order: each a name and a command."""
    course = [sys.executable, "-m", "course_lib.cli"]
    return [
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("types", [str(BIN / "mypy")]),
        ("rooms", [str(BIN / "lint-imports")]),
        ("exercises", [*course, "check", "--seeds", "3", "--since", SINCE]),
        ("demo", [*course, "demo"]),
        ("tests", [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal",
                   "--durations", "15", *arguments]),
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run the parts; print how long each took; return 1 when one failed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    lines: list[str] = []
    failed = False
    for name, command in parts(arguments):
        print(f"· {name}: {' '.join(Path(word).name for word in command[:6])}", flush=True)
        began = time.monotonic()
        failed = subprocess.run(command, cwd=ROOT, env=environment).returncode != 0
        lines.append(f"{name:<10} {time.monotonic() - began:7.0f} s{'  failed' if failed else ''}")
        if failed:
            break
    print("\n".join(["", "part          time", *lines]), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
