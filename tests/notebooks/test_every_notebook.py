"""Every notebook from its first cell to its last: solved, and as a learner gets it."""

import pytest

from tests.notebooks.conftest import ROOT, errors, is_check, on_stderr

SOLVED = sorted((ROOT / "solutions").glob("*/*.ipynb"))
RELEASED = sorted((ROOT / "notebooks").glob("*/*.ipynb"))


def _name(path):
    return f"{path.parent.name}-{path.stem}"


def test_there_is_a_released_notebook_for_every_source():
    assert SOLVED
    assert [_name(path) for path in SOLVED] == [_name(path) for path in RELEASED]


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLVED, ids=_name)
def test_the_solved_notebook_runs_and_passes_every_check(path, run_notebook):
    cells = run_notebook(path)
    checks = [cell for cell in cells if is_check(cell)]
    assert checks
    assert [(cell.source, errors(cell)) for cell in cells if errors(cell)] == []
    assert [cell.source for cell in checks if on_stderr(cell)] == []
    assert all("✓" in str(cell.outputs) for cell in checks)


@pytest.mark.slow
@pytest.mark.parametrize("path", RELEASED, ids=_name)
def test_nothing_stops_a_learner_who_has_not_written_anything_yet(path, run_notebook):
    cells = run_notebook(path)
    checks = [cell for cell in cells if is_check(cell)]
    assert all(errors(cell) for cell in checks)
    stopped = [
        (cell.source, errors(cell))
        for cell in cells
        if errors(cell) and "raises-exception" not in cell.metadata.get("tags", [])
    ]
    assert stopped == []
