"""The trial before a release: the solved notebook must get every point, the blank one none."""

from __future__ import annotations

from pathlib import Path

from course_lib.grading.engine import NotebookResult, grade_notebook
from course_lib.grading.limits import Limits
from course_lib.grading.rebuild import rebuild
from course_lib.grading.sandbox import chosen_level
from course_lib.grading.server import ForkServer
from course_lib.grading.source import read_source
from course_lib.release.generate import released

TRIAL_SEED = 20_240_229
"""Any number serves: the trial is about our own notebooks, and keeps nothing secret."""


def trial(path: Path) -> list[str]:
    """Grade a source notebook solved and blank, and return what is wrong with the result."""
    source = read_source(path)
    level = chosen_level(allow_unsandboxed=True)  # both notebooks are our own
    server = ForkServer(source.withheld_modules, source.imported_modules, level, Limits())
    try:
        solved = grade_notebook(rebuild(path.read_bytes(), source), server, TRIAL_SEED)
        blank = grade_notebook(rebuild(released(path).encode(), source), server, TRIAL_SEED)
    finally:
        server.close()
    return [*_solved_faults(path.name, solved), *_blank_faults(path.name, blank)]


def _solved_faults(name: str, result: NotebookResult) -> list[str]:
    faults = [f"{name}: the solved notebook: {note}" for note in result.notes]
    faults += [f"{name}: solved, cell {n} fails: {error}" for n, error in result.errors.items()]
    for grade_id, score in result.scores.items():
        if score.points is not None and score.points < score.max_points:
            faults.append(f"{name}: solved, {grade_id} gets {score.points} of {score.max_points}")
    return faults


def _blank_faults(name: str, result: NotebookResult) -> list[str]:
    return [
        f"{name}: blank, {grade_id} gets {score.points} points"
        for grade_id, score in result.scores.items()
        if score.points
    ]
