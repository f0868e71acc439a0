"""The sample course as a folder of its own, with its own copy of ``course_lib``, for nbgrader."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.grading import sample_course
from tests.grading.sample_course import EXERCISES, as_bytes, notebook

REPOSITORY = Path(__file__).resolve().parents[2]
CHAPTER = "ch98_sample"
NAME = "sample"
MODULE = f"course_lib.exercises.{CHAPTER}"


def make_course(root):
    """Lay out the course below ``root``: library, exercises, references, source, settings."""
    library = root / "course_lib"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "course_lib", library, ignore=ignore)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    chapter = library / "exercises" / CHAPTER
    chapter.mkdir()
    chapter.joinpath("__init__.py").write_text(f"EXERCISES = {tuple(EXERCISES)!r}\n")
    shutil.copy(sample_course.__file__, chapter / "sample.py")
    (library / "text").mkdir(exist_ok=True)
    for name in EXERCISES:
        found = f"from {MODULE}.sample import EXERCISES\nEXERCISE = EXERCISES[{name!r}]\n"
        chapter.joinpath(f"{name}.py").write_text(found)
        reference = library / "text" / f"sample_{name}.py"
        reference.write_text(f"from {MODULE}.sample import {name} as {name}\n")
    source = root / "solutions" / CHAPTER / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(notebook()), "utf-8")


def hand_in(root, student, document, chapter=CHAPTER, name=NAME):
    """Put a submission where nbgrader looks for it."""
    path = root / "submitted" / student / chapter / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(document))
    return path


def run(root, *words, **variables):
    """Run a command of the course's own Python in the course's folder."""
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=root, capture_output=True, text=True, timeout=180,
        env={**variables_of(root), **variables},
    )  # fmt: skip


def variables_of(root):
    """Return the environment in which the course's own copy of the library is used."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    quiet = {"JUPYTER_PLATFORM_DIRS": "1", "OMP_NUM_THREADS": "1", "COURSE_SEED": "4711"}
    return {**keep, **quiet, "PYTHONPATH": str(root)}
