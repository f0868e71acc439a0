import json
from pathlib import Path

import pytest

from course_lib.errors import CourseError
from course_lib.grading.isolation.limits import Limits
from course_lib.grading.judging.rebuild import rebuild
from course_lib.grading.judging.source import check_line, defined_names, parse_source, read_source
from tests.grading.odd import cell_of, changed
from tests.grading.sample_course import as_bytes, notebook, submission


def parsed(document):
    return parse_source(as_bytes(document), Path("source.ipynb"))


def source_with(change):
    document = notebook()
    change(document)
    return parsed(document)


def test_each_cell_has_its_part(read_sample):
    roles = [cell.role for cell in read_sample.cells if cell.role != "text"]
    assert roles == ["plain", *["solution", "check"] * 3, "look", "test", "manual"]


def test_a_notebook_knows_what_it_asks_for_and_what_that_withholds(read_sample):
    assert [exercise.name for exercise in read_sample.exercises] == [
        "double", "count_words", "row_sums",
    ]  # fmt: skip
    assert "course_lib.text.sample_double" in read_sample.withheld_modules


def test_what_the_cells_import_is_known_before_they_run(read_sample):
    assert {"torch", "course_lib.notebook"} <= set(read_sample.imported_modules)


def test_a_grade_id_that_stands_twice_is_the_courses_fault():
    def double_id(document):
        cell_of(document, "essay")["metadata"]["nbgrader"]["grade_id"] = "double"

    with pytest.raises(CourseError, match="each grade_id once"):
        source_with(double_id)


def test_points_that_differ_from_the_exercises_are_the_courses_fault():
    def more(document):
        cell_of(document, "check_double")["metadata"]["nbgrader"]["points"] = 7

    with pytest.raises(CourseError, match="mend the check cell's points"):
        source_with(more)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
def test_a_source_that_cannot_be_read_is_the_courses_fault(tmp_path, content):
    path = tmp_path / "source.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError):
        read_source(path)
    with pytest.raises(CourseError):
        read_source(tmp_path / "nowhere.ipynb")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('session.check("a", a)', ("a", "a")),
        ('x = 1\nsession.check("a", Model(x).fit)', ("a", "Model(x).fit")),
        ("session.check(name, a)", None),
        ("assert a == 1", None),
        ("session.check(", None),
    ],
)
def test_the_check_line_is_found_by_parsing(source, found):
    assert check_line(source) == found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async def f(): pass\nclass A: x = 1", {"f", "A"}),
        ("(a, [b, *c]) = 1, [2, 3]\nd: int = 4\nlist_[0] = 5", {"a", "b", "c", "d", "list_"}),
        ("%magic\ndef f(): pass\nx = 1\nif x == 1: y = 2", {"f", "x"}),
        ("(" * 10_000, set()),
    ],
)
def test_a_cells_names_are_what_its_top_level_defines(source, names):
    assert defined_names(source) == names


def test_changing_a_copy_leaves_the_sample_alone():
    assert changed(lambda document: document["cells"].clear())["cells"] == []
    assert len(parsed(notebook()).cells) > 10


def with_limits(**seconds):
    document = notebook()
    document["metadata"]["course"] = seconds
    return parse_source(json.dumps(document).encode(), Path("sample.ipynb"))


def test_a_source_may_ask_for_more_time():
    limits = with_limits(cell_seconds=60, submission_seconds=300).limits
    assert (limits.cell_seconds, limits.call_seconds, limits.submission_seconds) == (60, 5, 300)
    assert with_limits().limits == Limits()


@pytest.mark.parametrize("asked", [{"cell_seconds": 601}, {"processes": 9}, {"call_seconds": 0}])
def test_a_source_may_not_ask_for_anything(asked):
    with pytest.raises(CourseError, match="metadata"):
        assert with_limits(**asked).limits


def test_a_submission_changes_no_limit():
    document = submission()
    document["metadata"]["course"] = {"cell_seconds": 600}
    source = parse_source(json.dumps(notebook()).encode(), Path("sample.ipynb"))
    assert rebuild(json.dumps(document).encode(), source).notes == []
    assert source.limits == Limits()
