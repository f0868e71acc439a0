"""Every notebook from its first cell to its last: solved, with other right answers, and blank.

One run serves two ends: each solution is checked where it stands, and then gives way to the first
of the exercise's *other* right answers, which the later cells must be able to use. The blank
notebooks run as on Colab: the core alone, and its IPython.
"""

import re

import nbformat
import pytest

from tests.notebooks.notebook_run import ROOT, errors, is_check, on_stderr, stopped
from tests.notebooks.run_cache import is_unchanged, keep

SOLVED = sorted((ROOT / "solutions").glob("*/*.ipynb"))
RELEASED = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
MOST_SECONDS = 45
"""The budget of one notebook, solved, in quick mode, on one thread: processor time."""
OVER_BUDGET = {"ch03_training-03_a_gpt_from_scratch": 90}
"""Notebooks that do not keep it yet, and what they may take until they do."""
OTHER_ANSWER = """
from course_lib.exercises import find as _find
from course_lib.exercises.exercise import resolve as _resolve
for _other in _find({exercise!r}).alternatives[:1]:
    {name} = _resolve(_other)
"""


def _name(path):
    return f"{path.parent.name}-{path.stem}"


def _with_other_answers(document):
    """Put, behind each check, the first other right answer in the learner's place."""
    cells = []
    for cell in document.cells:
        cells.append(cell)
        found = re.search(r'session\.check\("(\w+)", (\w+)\)', cell.source)
        if is_check(cell) and found:
            source = OTHER_ANSWER.format(exercise=found[1], name=found[2])
            cells.append(nbformat.v4.new_code_cell(source))
    document.cells = cells
    return document


def test_there_is_a_released_notebook_for_every_source():
    assert SOLVED
    assert [_name(path) for path in SOLVED] == [_name(path) for path in RELEASED]


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLVED, ids=_name)
def test_the_solved_notebook_passes_its_checks_and_goes_on_with_other_answers(path, run_notebook):
    name, content = f"solved {_name(path)}", path.read_bytes()
    if is_unchanged(name, content):
        pytest.skip("unchanged since a good run")
    run = run_notebook(_with_other_answers(nbformat.read(path, as_version=4)))
    assert run.checks
    assert [(cell.source, errors(cell)) for cell in run.cells if errors(cell)] == []
    assert [cell.source for cell in run.checks if on_stderr(cell)] == []
    assert all("✓" in str(cell.outputs) for cell in run.checks)
    most = OVER_BUDGET.get(_name(path), MOST_SECONDS)
    print(f"{name}: {run.seconds:.0f} s of processor time, at most {most}")
    assert run.seconds <= most
    keep(name, content, run.files)


@pytest.mark.slow
@pytest.mark.parametrize("path", RELEASED, ids=_name)
def test_nothing_stops_a_learner_on_colab_who_has_not_written_anything_yet(path, run_in_core):
    name, content = f"blank {_name(path)}", path.read_bytes()
    if is_unchanged(name, content):
        pytest.skip("unchanged since a good run")
    run = run_in_core(nbformat.read(path, as_version=4))
    assert all(errors(cell) for cell in run.checks)
    assert stopped(run.cells) == []
    keep(name, content, run.files)
