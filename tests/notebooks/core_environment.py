"""An environment with the course's core alone and Colab's IPython, made once and kept."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-core"
STAMP = FOLDER / "installed.txt"
COLAB = ("ipython==7.34.*", "ipykernel<7")
"""What Colab's notebooks run in: its IPython is three major versions behind."""
WITH_IPYTHON = re.compile(
    r"(?i)(ipython|ipykernel|jupyter|traitlets|jedi|matplotlib-inline|prompt|pygments|setuptools"
    r"|decorator|comm|debugpy)"
)
"""Packages whose version follows IPython's, so that the constraints do not hold for them."""


def core_python() -> str:
    """Return the interpreter of the core environment, which is made where it is missing or old."""
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    with FileLock(ROOT / ".venv-core.lock"):
        if not STAMP.exists() or STAMP.read_text() != _wanted():
            _make(python)
            STAMP.write_text(_wanted())
    return str(python)


def _wanted() -> str:
    files = (ROOT / name for name in ("pyproject.toml", "constraints.txt"))
    known = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    known.update(" ".join(COLAB).encode())
    return known.hexdigest()


def _make(python: Path) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    constraints = FOLDER / "constraints.txt"
    constraints.write_text("\n".join(line for line in lines if not WITH_IPYTHON.match(line)))
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
    core = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    subprocess.run([*pip, "--constraint", str(constraints), *core, *COLAB], check=True)
