import json
import stat

import pytest

from course_lib.grading.classroom.record import RECORD, SET_ASIDE, record, recorded
from course_lib.grading.judging.engine import NotebookResult, Score

KEY = ("ada", "ch01", "words")


SUMMARY = {"exercise": "double", "points": 1, "max_points": 2, "mistake": None, "diagnosis": ""}
ENDS_OF_LINES = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r"
"""What ``str.splitlines`` takes for the end of a line, and a record must not."""


def result(points, errors=None):
    scores = {"check": Score(points, 2.0, SUMMARY, "text", "page")}
    return NotebookResult(scores, level="strong", errors=errors or {})


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


@pytest.mark.parametrize("sign", [*ENDS_OF_LINES, "\ud800"])
def test_no_sign_in_an_error_ends_a_line_of_the_record(tmp_path, sign):
    record(tmp_path, KEY, result(1.0, {3: f"ValueError: {sign}1{sign}"}), "a")
    record(tmp_path, ("bob", "ch01", "words"), result(2.0), "b")
    assert [line["student"] for line in recorded(tmp_path)] == ["ada", "bob"]
    assert not (tmp_path / SET_ASIDE).exists()


def broken(**changes):
    line = {"student": "ada", "chapter": "ch01", "notebook": "words", "sandbox": "strong",
            "points": 1, "max_points": 2, "seconds": 1.0, "notes": [], "errors": [],
            "exercises": [SUMMARY]}  # fmt: skip
    return json.dumps(line | changes).encode()


UNREADABLE = {
    "a number": b"1",
    "half a line": b'{"student": "ada"',
    "not UTF-8": b'"\xff"',
    "nested too deep": b"[" * 100_000,
    "no name": broken(student=None),
    "points in words": broken(points="all"),
    "points without end": broken(points=float("inf")),
    "a note that is none": broken(notes=[1]),
    "no list of exercises": broken(exercises=3),
    "an exercise without points": broken(exercises=[SUMMARY | {"points": None}]),
    "a mistake without words": broken(exercises=[SUMMARY | {"mistake": "m", "diagnosis": None}]),
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_line_that_cannot_be_read_is_kept_aside_with_a_word(tmp_path, capsys, line):
    record(tmp_path, KEY, result(1.0), "a")
    with (tmp_path / RECORD).open("ab") as file:
        file.write(line + b"\n")
    for _ in range(2):
        assert [row["points"] for row in recorded(tmp_path)] == [1.0]
    assert (tmp_path / SET_ASIDE).read_bytes() == line + b"\n", "once, and whole"
    assert "1 lines of .course/grading.jsonl cannot be read" in capsys.readouterr().err


def test_a_line_as_it_should_be_is_read(tmp_path):
    (tmp_path / RECORD).parent.mkdir()
    (tmp_path / RECORD).write_bytes(broken() + b"\n")
    assert [row["points"] for row in recorded(tmp_path)] == [1]
