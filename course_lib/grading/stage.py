"""The stage: the ``course_lib`` that a stranger's process sees, which lacks the answers.

Left out are the modules that hold the references of the notebook's exercises, and every chapter's
exercises (their cases, mistakes and hints); a chapter's ``probes`` stay, since they run beside the
learner's object.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
KEPT_OF_A_CHAPTER = {"__init__.py", "probes.py"}


def fill(folder: Path, withheld_modules: Iterable[str]) -> None:
    """Copy ``course_lib`` into ``folder`` without the answers."""
    target = folder / PACKAGE.name
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    for module in withheld_modules:
        path = folder.joinpath(*module.split("."))
        for found in (path.with_suffix(".py"), path):
            if found.is_dir():
                shutil.rmtree(found)
            elif found.exists():
                found.unlink()
    for chapter in (target / "exercises").glob("ch*"):
        for path in chapter.iterdir():
            if path.name not in KEPT_OF_A_CHAPTER:
                path.unlink()
