"""One learner, one row, one reason: whatever lies below ``submitted``, the others are graded."""

import json
import os
import sqlite3

import pytest

from course_lib.grading.classroom.learners import why_not_graded
from course_lib.grading.classroom.reasons import LOCKED, reason
from tests.grading.course_on_disk import CHAPTER, hand_in, run
from tests.grading.sample_course import submission
from tests.grading.test_crashes import make_class

SEPARATORS = "\u20281\u2028"
LONG = "\N{GRINNING FACE}" * 62
"""As long as a folder's name may be: four bytes a character."""
ODD_NAMES = ("bob [audit]", "*", "eve ")
REFUSED = {
    **dict.fromkeys(ODD_NAMES, "the folder's name begins or ends with a blank, or holds *"),
    "Jos\\xe9": "the folder's name is not UTF-8",
    "windows": "sample.ipynb is a folder: move the notebook out of it",
    "pipe": "sample.ipynb is no file",
    "again": "no notebook of that name: rename sample (1).ipynb to sample.ipynb",
    "empty": "no notebook was handed in: expected sample.ipynb",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_class(tmp_path_factory.mktemp("rows"), 1)
    for name in (*ODD_NAMES, LONG, os.fsdecode(b"Jos\xe9")):
        hand_in(root, name, submission())
    hand_in(root, "lines", submission(after=f"raise ValueError({SEPARATORS!r})"))
    hand_in(root, "half", submission(after="raise ValueError('\\ud800')"))
    hand_in(root, "again", submission(), name="sample (1)")
    place = root / "submitted"
    (place / "windows" / CHAPTER / "sample.ipynb").mkdir(parents=True)
    for name in ("pipe", "empty"):
        (place / name / CHAPTER).mkdir(parents=True)
    os.mkfifo(place / "pipe" / CHAPTER / "sample.ipynb")
    return root


def rows(root, *words, **variables):
    done = run(root, "course", "grade", "--json", *words, **variables)
    return {row["student"]: row for row in json.loads(done.stdout[done.stdout.index("[") :])}, done


@pytest.fixture(scope="module")
def graded(course):
    return rows(course, "--workers", "2")


@pytest.mark.slow
@pytest.mark.sandbox
def test_names_and_words_of_every_kind_are_graded_like_any_other(graded):
    found, _ = graded
    for name in (LONG, "lines", "half", "learner00"):
        assert (found[name]["points"], found[name]["error"]) == (8.0, None), name


@pytest.mark.slow
@pytest.mark.sandbox
def test_whoever_cannot_be_graded_has_a_reason_that_says_what_to_do(graded):
    found, done = graded
    assert done.returncode == 1
    assert {name for name, row in found.items() if row["error"]} == set(REFUSED)
    for name, words in REFUSED.items():
        assert found[name]["error"].startswith(words)
        assert found[name]["needs_manual_grade"]


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_report_comes_for_all_of_them(course, graded):
    done = run(course, "course", "report", "--to", "told")
    assert done.returncode == 0, done.stderr
    (chapter,) = json.loads((course / "told" / "report.json").read_text("utf-8"))["chapters"]
    assert set(chapter["results"]) == {LONG, "lines", "half", "learner00", "broken"}
    assert set(chapter["not_graded"]) == set(REFUSED)


@pytest.mark.slow
@pytest.mark.sandbox
def test_an_empty_list_of_learners_is_nobody(course, graded):
    program = (
        "from pathlib import Path\n"
        "from course_lib.grading.classroom import grade_class, write_feedback\n"
        f"print(grade_class(Path.cwd(), {CHAPTER!r}, [], again=True))\n"
        f"print(write_feedback(Path.cwd(), {CHAPTER!r}, []))\n"
    )
    (course / "nobody.py").write_text(program)
    assert run(course, "nobody").stdout == "[]\n([], {})\n"


FULL_DISK = """
import errno, json, sys
from dataclasses import asdict
from pathlib import Path
from course_lib.grading.classroom import class_run
from nbconvert.writers import FilesWriter
written = FilesWriter.write
def full(writer, output, resources, **others):
    if "lines" in writer.build_directory:
        raise OSError(errno.ENOSPC, "No space left on device")
    return written(writer, output, resources, **others)
FilesWriter.write = full
if __name__ == "__main__":
    names = ["half", "lines", "learner00"]
    rows = class_run.grade_class(Path.cwd(), sys.argv[1], names, again=True)
    print(json.dumps([asdict(row) for row in rows]))
"""


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_disk_that_is_full_for_one_is_one_row(course, graded):
    (course / "full.py").write_text(FULL_DISK)
    done = run(course, "full", CHAPTER, COURSE_GRADERS="0")
    errors = {row["student"]: row["error"] for row in json.loads(done.stdout.split("\n")[-2])}
    assert errors.keys() == {"half", "lines", "learner00"}
    assert errors["half"] is errors["learner00"] is None
    assert "No space left on device" in errors["lines"]


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_locked_gradebook_is_told_in_its_own_words(course, graded):
    hand_in(course, "learner00", submission(essay="Other."))
    lock = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    try:
        lock.execute("begin exclusive")
        done = run(course, "course", "grade", "--workers", "0", "--student", "learner00")
    finally:
        lock.close()
    assert done.returncode == 1
    assert "the gradebook is locked" in " ".join((done.stdout + done.stderr).split())
    assert "upgraded" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["bob [audit]", "*", "a?b", " ada ", "a\nb"])
def test_a_name_that_nbgrader_takes_for_another_is_refused(tmp_path, name):
    (tmp_path / "one.ipynb").write_text("{}")
    assert "rename it" in why_not_graded(tmp_path, name, ["one"])
    assert why_not_graded(tmp_path, "王小明 (2)", ["one"]) == ""


def test_a_second_notebook_under_a_name_near_the_missing_one_is_not_given_up(tmp_path):
    for name in ("one.ipynb", "two-1.ipynb", "scratch.ipynb"):
        (tmp_path / name).write_text("{}")
    said = why_not_graded(tmp_path, "ada", ["one", "two"])
    assert said == "no notebook of that name: rename two-1.ipynb to two.ipynb"
    assert why_not_graded(tmp_path, "ada", ["one"]) == ""
    assert why_not_graded(tmp_path, "ada", ["one", "three"]) == ""


def test_what_kept_nbgrader_from_its_end_is_one_sentence():
    upgraded = "This may occur if you recently upgraded nbgrader."
    locked = "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked"
    assert reason({"log": upgraded, "error": locked}) == LOCKED
    full = locked.replace("database is locked", "database or disk is full")
    assert reason({"log": upgraded, "error": full}).endswith("used: database or disk is full")
    odd = f"course_lib.errors.CourseError: a name with {SEPARATORS}: mend it"
    assert reason({"error": odd}) == f"a name with {SEPARATORS}: mend it"
    assert reason({"error": "OSError: [Errno 28] No space left on device"}).endswith("on device")
