"""Is a course sound? Its own solution must get every point, and its blank release none.

Holds for any notebook that nbgrader knows, with checks by value or with an instructor's own tests.
"""

from __future__ import annotations

from course_lib.grading.isolation import Files, ForkServer, chosen_level
from course_lib.grading.judging.engine import NotebookResult, grade_notebook
from course_lib.grading.judging.rebuild import Rebuilt, rebuild
from course_lib.grading.judging.submission import parsed

SEED = 20_240_229
"""Any number serves: both notebooks are the course's own, and nothing is kept secret."""


def unsound_cells(name: str, source: bytes, blank: bytes, files: Files = ()) -> list[str]:
    """Return what is wrong with a source notebook and its release, naming the cell at fault.

    Both are run in the sandbox in which learners' work is graded: an import that fails there fails
    for everybody.
    """
    notebook = parsed(source)
    limits = notebook.limits
    level = chosen_level(allow_unsandboxed=True)
    server = ForkServer(notebook.withheld_modules, notebook.imported_modules, level, limits, files)
    try:
        solved, unsolved = (rebuild(text, notebook) for text in (source, blank))
        return [
            *_solved_faults(name, solved, grade_notebook(solved, server, SEED)),
            *_blank_faults(name, grade_notebook(unsolved, server, SEED)),
        ]
    finally:
        server.close()


def _solved_faults(name: str, rebuilt: Rebuilt, result: NotebookResult) -> list[str]:
    faults = [f"{name}: the solved notebook: {note}" for note in result.notes]
    for number, error in sorted(result.errors.items()):
        grade_id = rebuilt.steps[number].cell.grade_id
        cell = f"cell {number + 1} ({grade_id})" if grade_id else f"cell {number + 1}"
        faults.append(f"{name}: solved, {cell} fails: {error}")
    for grade_id, score in result.scores.items():
        if score.points is not None and score.points < score.max_points:
            got = f"{score.points:g} of {score.max_points:g} points"
            faults.append(f"{name}: solved, the cell {grade_id} gives {got}")
    return faults


def _blank_faults(name: str, result: NotebookResult) -> list[str]:
    return [
        f"{name}: blank, the cell {grade_id} gives {score.points:g} points"
        for grade_id, score in result.scores.items()
        if score.points
    ]
