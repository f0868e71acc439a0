"""A learner's notebook in a real JupyterLab: a wrong answer, its diagnosis, and the mend."""

import contextlib
from dataclasses import dataclass

import nbformat
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from course_lib.exercises import Exercise, Mistake, chapters, judge
from course_lib.exercises.asking import outcome
from course_lib.grading.classroom import course_root, source_paths
from course_lib.grading.judging.source import read_source
from course_lib.release.simulated_class import standalone


@dataclass(frozen=True)
class Asked:
    """An exercise as it stands in a notebook, a mistake that can be typed, and the answer."""

    exercise: Exercise
    mistake: Mistake
    wrong: str
    right: str
    check: str
    set_up: str


@pytest.fixture(scope="module")
def asked():
    """The first exercise of the course whose answer, and a mistake, need no cell but their own."""
    for source in map(read_source, source_paths(course_root(), chapters()[0])):
        set_up = next(cell.source for cell in source.cells if "start(" in cell.source)
        checks = {cell.exercise: cell.source for cell in source.cells if cell.exercise}
        answers = {cell.grade_id: cell.source for cell in source.cells if cell.grade_id in checks}
        for exercise in source.exercises:
            right = answers[exercise.name]
            for mistake in exercise.mistakes:
                wrong = standalone(exercise, mistake)
                if exercise.kind == "write" and wrong and _passes(exercise, right):
                    return Asked(exercise, mistake, wrong, right, checks[exercise.name], set_up)
    raise LookupError("no exercise of the first chapter stands by itself")


def _passes(exercise, right):
    namespace = {}
    exec(right, namespace)
    answer = namespace[exercise.name]
    return judge(exercise, lambda case: outcome(answer, exercise, case)).passed


@pytest.fixture
def address(lab, asked):
    """Where JupyterLab shows a notebook with the set-up cell, the wrong answer and its check."""
    folder, address = lab
    cells = [nbformat.v4.new_code_cell(text) for text in (asked.set_up, asked.wrong, asked.check)]
    cells[2].metadata["tags"] = ["raises-exception"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "one.ipynb")
    return address.format(name="one.ipynb")


def test_a_wrong_answer_gets_its_diagnosis_and_the_mend_passes(address, asked, page):
    page.goto(address)
    card = _run_all(page, "alert")
    assert f"✗ {asked.exercise.name}" in card.inner_text()
    assert f"This looks like {asked.mistake.name}: {asked.mistake.diagnosis}" in card.inner_text()
    assert "course_lib/" not in page.locator(".jp-Notebook").inner_text()

    page.locator(".jp-CodeCell .cm-content").nth(1).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(asked.right)
    card = _run_all(page, "status")
    assert f"✓ {asked.exercise.name}" in card.inner_text()
    assert page.locator("div.jp-OutputArea [role=alert]").count() == 0


def _run_all(page, wanted):
    """Run all cells until the wanted card is there: a kernel that still starts runs nothing."""
    card = page.locator(f"div.jp-OutputArea [role={wanted}]").first
    page.locator(".jp-CodeCell").nth(2).wait_for()
    for _ in range(6):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(PlaywrightTimeout):
            card.wait_for(timeout=30_000)
            return card
    raise LookupError(f"no card with the role {wanted} has appeared")
