"""A learner's notebook in a real JupyterLab: a wrong answer, its diagnosis, and the mend."""

import nbformat
import pytest

from course_lib.exercises import chapters, load
from course_lib.grading.source import read_source
from course_lib.release import source_notebooks
from course_lib.release.simulated_class import standalone


@pytest.fixture(scope="module")
def exercise():
    """The first exercise of the course that has a mistake which can be typed into a cell."""
    for candidate in load(chapters()[0]):
        for mistake in candidate.mistakes:
            text = standalone(candidate, mistake)
            if candidate.kind == "write" and text:
                return candidate, mistake, text
    raise LookupError("no mistake of the first chapter stands by itself")


@pytest.fixture
def notebook(lab, exercise):
    """A notebook with the set-up cell, one wrong answer and its check; gives the right one too."""
    folder, address = lab
    asked, _, wrong = exercise
    sources = map(read_source, source_notebooks(chapters()[0]))
    cells = next(s.cells for s in sources if asked in s.exercises)
    set_up = next(cell.source for cell in cells if "start(" in cell.source)
    check = next(cell.source for cell in cells if cell.exercise == asked.name)
    right = next(cell.source for cell in cells if cell.grade_id == asked.name)
    made = [nbformat.v4.new_code_cell(text) for text in (set_up, wrong, check)]
    made[2].metadata["tags"] = ["raises-exception"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=kernel), folder / "one.ipynb")
    return address.format(name="one.ipynb"), right


def test_a_wrong_answer_gets_its_diagnosis_and_the_mend_passes(notebook, exercise, page):
    address, right = notebook
    asked, mistake, _ = exercise
    page.goto(address)
    _run_all(page)
    card = page.locator("div.jp-OutputArea [role=alert]").first
    card.wait_for()
    assert f"✗ {asked.name}" in card.inner_text()
    assert f"This looks like {mistake.name}: {mistake.diagnosis}" in card.inner_text()
    assert "course_lib/" not in page.locator(".jp-Notebook").inner_text()

    page.locator(".jp-CodeCell .cm-content").nth(1).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(right)
    _run_all(page)
    card = page.locator("div.jp-OutputArea [role=status]").first
    card.wait_for()
    assert f"✓ {asked.name}" in card.inner_text()
    assert page.locator("div.jp-OutputArea [role=alert]").count() == 0


def _run_all(page):
    page.locator(".jp-CodeCell").nth(2).wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(
        state="attached"
    )
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
