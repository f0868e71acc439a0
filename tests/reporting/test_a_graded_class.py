"""From a graded class to its report, and an exercise mended and graded again, by the commands."""

import json

import pytest

from tests.grading.course_on_disk import hand_in
from tests.grading.sample_course import submission
from tests.grading.test_crashes import finished, gradebook, make_class

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
LONG = """def count_words(text):
    table, position = dict(), 0
    while position < len(text):
        while position < len(text) and text[position].isspace():
            position += 1
        start = position
        while position < len(text) and not text[position].isspace():
            position += 1
        if start != position:
            table[text[start:position]] = table.setdefault(text[start:position], 0) + 1
    return table"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_class(tmp_path_factory.mktemp("class"), 7)
    hand_in(root, "copy1", submission(count_words=LONG))
    hand_in(root, "copy2", submission(count_words=LONG.replace("table", "t")))
    finished(root, "grade", "--no-feedback", "--workers", "0")
    return root


def test_the_report_holds_what_the_gradebook_and_the_record_hold(course):
    finished(course, "report", "--to", "told")
    page = (course / "told" / "index.html").read_text("utf-8")
    assert "2 of 10</td><td>double</td><td><strong>square</strong>" in page
    assert "copy1 and copy2" in page
    assert "not a notebook" in page
    held = json.loads((course / "told" / "report.json").read_text("utf-8"))
    (chapter,) = held["chapters"]
    assert chapter["results"]["learner00"] == {"points": 8.0, "max_points": 10.0, "waits": True}
    assert [(one["one"], one["other"]) for one in chapter["alike"]] == [("copy1", "copy2")]
    assert chapter["not_graded"] == []


def test_a_mended_exercise_is_graded_again_and_the_changes_are_told(course):
    before = gradebook(course)
    assert "0 scores changed" in finished(course, "regrade", "--exercise", "double")
    assert gradebook(course) == before
    sample = course / "course_lib" / "exercises" / "ch98_sample" / "sample.py"
    right = sample.read_text()
    sample.write_text(right.replace("return [2 * number for", "return [number * number for", 1))
    said = finished(course, "regrade", "--exercise", "double", "--json", "--workers", "0")
    sample.write_text(right)
    changes = {one["student"]: (one["before"], one["after"])
               for one in json.loads(said[said.index("[") :])}  # fmt: skip
    assert changes["learner01"] == (0.5, 2.0)
    assert changes["learner00"][1] < 2.0
    assert finished(course, "regrade", "--exercise", "own_test", "--workers", "0")
