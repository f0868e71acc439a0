"""The stage: the ``course_lib`` that a stranger's process sees, which lacks the answers.

Left out are the modules that hold the references of the notebook's exercises, and every chapter's
exercises (their cases, mistakes and hints); a chapter's ``probes`` stay, since they run beside the
learner's object.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

Files = tuple[tuple[str, bytes], ...]
"""What lies beside a notebook: names and contents."""
PACKAGE = Path(__file__).resolve().parents[2]
KEPT_OF_A_CHAPTER = {"__init__.py", "probes.py"}
BESIDE = "beside"
"""The folder of the stage with what lies beside the notebook; each submission gets a copy."""


def fill(folder: Path, withheld_modules: Iterable[str]) -> None:
    """Copy ``course_lib`` into ``folder`` without the answers."""
    target = folder / PACKAGE.name
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    for module in withheld_modules:
        path = folder.joinpath(*module.split("."))
        _remove(path.with_suffix(".py"))
        _remove(path)
    for chapter in (target / "exercises").glob("ch[0-9]*"):
        for path in chapter.iterdir():
            if path.name not in KEPT_OF_A_CHAPTER:
                _remove(path)


def put_beside(folder: Path, files: Files) -> None:
    """Keep in the stage what the instructor put beside the notebook."""
    for name, content in files:
        path = folder / BESIDE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def bring_beside(folder: Path) -> None:
    """Copy into a submission's own ``folder`` what lies beside its notebook."""
    staged = PACKAGE.parent / BESIDE
    if staged.is_dir():
        shutil.copytree(staged, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
