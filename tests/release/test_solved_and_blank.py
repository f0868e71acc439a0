import pytest

from course_lib.grading.isolation.sandbox import probe
from course_lib.release import trial
from tests.release.conftest import cell

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(probe().name == "weak", reason="there is no sandbox here"),
]


def test_a_sound_notebook_earns_everything_solved_and_nothing_blank(document, write):
    assert trial(write(document)) == []


def test_a_wrong_reference_answer_is_found(document, write):
    answer = cell(document, "answer-double")
    answer["source"] = answer["source"].replace("2 * number", "3 * number")
    assert any("solved, the cell check_double gives" in fault for fault in trial(write(document)))


def test_a_stub_that_already_passes_is_found(document, write):
    answer = cell(document, "answer-double")
    answer["source"] = "double = lambda numbers: [2 * n for n in numbers]\n" + (
        "### BEGIN SOLUTION\npass\n### END SOLUTION"
    )
    assert any("blank, the cell check_double gives" in fault for fault in trial(write(document)))


def test_a_cell_that_fails_in_the_solved_notebook_is_found(document, write):
    cell(document, "set-up")["source"] += "\n1 / 0"
    assert any("ZeroDivisionError" in fault for fault in trial(write(document)))
