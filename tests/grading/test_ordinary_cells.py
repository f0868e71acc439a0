"""An instructor's own nbgrader cells, in notebooks that know nothing of this course."""

import copy
import json
from pathlib import Path

import pytest

from course_lib.errors import CourseError
from course_lib.grading.judging.soundness import unsound_cells
from course_lib.grading.judging.source import HIDDEN, parse_source, upgraded
from course_lib.grading.judging.submission import GradingTask, close_servers, grade_submission
from tests.grading.course_on_disk import hand_in, make_course, run
from tests.grading.ordinary_course import FILES, MEAN, MEAN_TEST, SETUP, SPREAD, as_schema, notebook
from tests.grading.sample_course import as_bytes

pytestmark = pytest.mark.sandbox
STUB = "def {}(numbers):\n    raise NotImplementedError()"
BLANK = notebook(STUB.format("mean"), STUB.format("spread"))
FULL = {
    "test_mean": 2, "mean_is_there": 0, "test_spread": 3, "test_prices": 1, "plot": None,
    "essay": None, "survey": None,
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _no_servers_stay():
    yield
    close_servers()


def graded(submission, source=None):
    source = as_bytes(source or notebook())
    return grade_submission(GradingTask(as_bytes(submission), source, 7, files=FILES))


def points(result):
    return {name: score.points for name, score in result.scores.items()}


def test_the_source_gets_all_its_points_and_manual_cells_wait_for_a_person():
    result = graded(notebook())
    assert points(result) == FULL
    assert result.max_points == 13
    assert "graded beside the code" in result.scores["test_mean"].text.lower()


def test_the_blank_gets_none():
    assert points(graded(BLANK)) == FULL | dict.fromkeys(
        ("test_mean", "test_spread", "test_prices"), 0
    )


def test_the_number_that_a_test_ends_with_is_partial_credit():
    half = "def spread(numbers):\n    return 3"
    assert points(graded(notebook(spread=half)))["test_spread"] == 1.5


def test_a_truth_value_at_the_end_is_no_partial_credit():
    source = notebook()
    cell = next(cell for cell in source["cells"] if cell["id"] == "test_prices")
    cell["source"] = "assert mean\nmean(prices) == 5.0"
    assert points(graded(source, source))["test_prices"] == 1


def test_hidden_tests_count_and_stay_hidden():
    slip = "def mean(numbers):\n    return 2 if len(numbers) > 1 else 0"
    result = graded(notebook(mean=slip))
    assert points(result)["test_mean"] == 0
    told = json.dumps([score.text + score.page for score in result.scores.values()])
    assert "31337" not in told + json.dumps(list(result.errors.values()))
    cell = next(cell for cell in notebook()["cells"] if cell["id"] == "test_mean")
    assert "31337" not in HIDDEN.sub("", cell["source"])


def test_what_a_function_says_of_hidden_inputs_is_dropped_and_the_tests_own_words_are_kept():
    spy = (
        "def mean(numbers):\n    print(numbers)\n"
        "    if numbers != [1, 3]:\n        raise ValueError(str(numbers))\n    return 2"
    )
    result = graded(notebook(mean=spy))
    told = json.dumps([score.text for score in result.scores.values()])
    told += json.dumps([*result.errors.values(), *result.outputs.values()])
    assert "31337" not in told
    assert "It failed: ValueError" in result.scores["test_mean"].text
    source = notebook()
    source["cells"][3]["source"] = "assert mean([1]) == 1, 'one is one'\n" + MEAN_TEST
    result = graded(notebook(mean="def mean(numbers):\n    return 2"), source)
    assert "one is one" in result.scores["test_mean"].text


@pytest.mark.parametrize("version", [0, 1, 2])
def test_sources_of_older_schemas_are_graded_the_same(version):
    old = as_schema(notebook(), version)
    wanted = {name: got for name, got in FULL.items() if name != "survey"}
    assert points(graded(notebook(), old)) == wanted
    assert points(graded(old, old)) == wanted


def test_an_upgraded_notebook_is_what_nbgrader_itself_makes_of_it():
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    old = nbformat.from_dict(as_schema(notebook(), 0))
    wanted = MetadataValidator().upgrade_notebook_metadata(copy.deepcopy(old))
    ours = upgraded(as_schema(notebook(), 0))
    for cell, other in zip(ours["cells"], wanted["cells"], strict=True):
        marks = cell["metadata"].get("nbgrader")
        expected = other["metadata"].get("nbgrader")
        assert marks == (expected and {"task": False, **expected})


def test_an_import_that_fails_for_the_source_too_is_nobodys_zero():
    source = notebook(setup="import a_package_that_is_not_here\n" + SETUP)
    with pytest.raises(CourseError, match="a_package_that_is_not_here"):
        graded(notebook(mean=STUB.format("mean"), setup=source["cells"][1]["source"]), source)


def test_the_check_of_a_course_names_the_cell_at_fault():
    sound = unsound_cells("means", as_bytes(notebook()), as_bytes(BLANK), FILES)
    assert sound == []
    broken = notebook(mean=MEAN.replace("len(numbers)", "2"))
    broken["cells"][4]["source"], broken["cells"][1]["source"] = "pass", "import nowhere\n" + SETUP
    blank = copy.deepcopy(broken)
    blank["cells"][2]["source"] = STUB.format("mean")
    blank["cells"][5]["source"] = SPREAD
    found = "\n".join(unsound_cells("means", as_bytes(broken), as_bytes(blank), FILES))
    assert "cell 2 fails: ModuleNotFoundError" in found
    assert "solved, the cell test_mean gives 0 of 2 points" in found
    assert "solved, cell 4 (test_mean) fails" in found


def test_what_tests_nothing_is_found_by_the_blank():
    empty = notebook()
    empty["cells"][3]["source"] = "### AUTOTEST mean([1, 2])"
    blank = copy.deepcopy(empty)
    blank["cells"][2]["source"] = STUB.format("mean")
    found = unsound_cells("means", as_bytes(empty), as_bytes(blank), FILES)
    assert "means: blank, the cell test_mean gives 2 points" in found


def test_a_check_of_another_kind_is_an_ordinary_test():
    source = notebook()
    source["cells"][3]["source"] = "grader.check('mean', mean)"
    cells = parse_source(as_bytes(source), Path("means.ipynb")).cells
    cell = next(cell for cell in cells if cell.grade_id == "test_mean")
    assert cell.role == "test"


@pytest.mark.slow
def test_a_chapter_of_old_metadata_goes_through_nbgrader(tmp_path):
    make_course(tmp_path)
    folder = tmp_path / "solutions" / "old"
    folder.mkdir()
    (folder / "means.ipynb").write_bytes(as_bytes(as_schema(notebook(), 1)))
    (folder / "prices.json").write_bytes(FILES[0][1])
    hand_in(tmp_path, "ada", as_schema(notebook(), 1), "old", "means")
    hand_in(tmp_path, "bob", as_schema(notebook(mean=STUB.format("mean")), 1), "old", "means")
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from course_lib.grading.classroom.class_run import grade_class, write_feedback\n"
        "rows = grade_class(Path.cwd(), 'old')\n"
        "print([(row.student, row.points, row.max_points, row.error) for row in rows])\n"
        "write_feedback(Path.cwd(), 'old')\n"
    )
    (tmp_path / "grade.py").write_text(program)
    done = run(tmp_path, "grade")
    assert done.stdout.splitlines()[-1] == "[('ada', 6.0, 11.0, None), ('bob', 3.0, 11.0, None)]", (
        done.stderr
    )
