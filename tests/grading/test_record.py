import stat

from course_lib.grading.classroom.record import RECORD, record, recorded
from course_lib.grading.judging.engine import NotebookResult, Score

KEY = ("ada", "ch01", "words")


def result(points):
    summary = {"exercise": "double", "mistake": None}
    return NotebookResult({"check": Score(points, 2.0, summary, "text", "page")}, level="strong")


def test_the_newest_line_of_each_notebook_counts(tmp_path):
    record(tmp_path, KEY, result(1.0), "a")
    record(tmp_path, ("bob", "ch01", "words"), result(2.0), "b")
    record(tmp_path, KEY, result(0.5), "c")
    found = {line["student"]: (line["points"], line["mark"]) for line in recorded(tmp_path)}
    assert found == {"ada": (0.5, "c"), "bob": (2.0, "b")}


def test_half_a_line_that_a_crash_left_is_passed_over(tmp_path):
    record(tmp_path, KEY, result(1.0), "a")
    with (tmp_path / RECORD).open("a") as file:
        file.write('{"student": "ada", "chap')
    assert [line["points"] for line in recorded(tmp_path)] == [1.0]


def test_a_line_after_half_a_line_is_not_lost(tmp_path):
    (tmp_path / RECORD).parent.mkdir()
    (tmp_path / RECORD).write_text('{"student": "ada", "chap')
    record(tmp_path, KEY, result(1.0), "a")
    assert [line["points"] for line in recorded(tmp_path)] == [1.0]


def test_only_its_owner_can_read_the_record(tmp_path):
    assert list(recorded(tmp_path)) == []
    record(tmp_path, KEY, result(1.0), "a")
    assert stat.S_IMODE((tmp_path / RECORD).stat().st_mode) == 0o600
