"""A class through the course's own entry, in a process of its own: the rows that it returns."""

import json

import pytest

from course_lib.grading.isolation.sandbox import probe
from tests.grading.course_on_disk import CHAPTER, hand_in, make_course, run
from tests.grading.sample_course import submission

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
PROGRAM = """
import dataclasses, json, sys
from pathlib import Path
from course_lib.grading.classroom.class_run import grade_class, write_feedback
if __name__ == "__main__":
    told = []
    rows = grade_class(Path.cwd(), sys.argv[1], progress=lambda *about: told.append(about))
    pages = [str(page) for page in write_feedback(Path.cwd(), sys.argv[1])[0]]
    rows = [dataclasses.asdict(row) for row in rows]
    print(json.dumps({"rows": rows, "told": told, "pages": pages}))
"""


def grade(root, **variables):
    (root / "grade.py").write_text(PROGRAM)
    done = run(root, "grade", CHAPTER, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    for number in range(5):
        hand_in(root, f"learner{number}", submission())
    hand_in(root, "broken", b"{")
    square = "def double(numbers):\n    return [n * n for n in numbers]"
    hand_in(root, "square", submission(double=square))
    return root


@pytest.fixture(scope="module")
def graded(course):
    """What the first run found."""
    return grade(course, COURSE_GRADERS="2")


def test_a_class_graded_by_two_processes_gets_its_rows_and_its_pages(graded):
    points = {row["student"]: row["points"] for row in graded["rows"]}
    honest = {f"learner{number}": 8.0 for number in range(5)}
    assert points == honest | {"broken": 0.0, "square": 5.5}
    assert {(row["sandbox"], row["error"]) for row in graded["rows"]} == {(str(probe()), None)}
    notes = {row["student"]: " ".join(row["found"]) for row in graded["rows"]}
    assert "double: square" in notes["square"]
    assert "not a notebook" in notes["broken"]
    assert [number for _, number, _ in graded["told"]] == list(range(8))
    assert len(graded["pages"]) == 7


def test_a_broken_exercise_ends_the_command_with_an_error_and_no_zero(course):
    (course / "course.py").write_text(
        "from course_lib.cli import main\nif __name__ == '__main__':\n    main()\n"
    )
    reference = course / "course_lib" / "text" / "sample_double.py"
    right = reference.read_text()
    reference.write_text("def double(numbers):\n    raise KeyError(1)\n")
    words = ("grade", "--workers", "0", "--student", "learner1", "--json", "--no-feedback")
    done = run(course, "course", *words)
    reference.write_text(right)
    assert done.returncode == 1
    (row,) = json.loads(done.stdout[done.stdout.index("[") :])
    assert "the exercise is broken, not the answer" in row["error"]
    assert row["needs_manual_grade"]
    assert grade(course)["rows"][1]["points"] == 8.0


def test_a_second_run_grades_only_what_has_changed(course, graded):
    record = course / ".course" / "grading.jsonl"
    before = len(record.read_text().split("\n")) - 1
    hand_in(course, "square", submission())
    (course / "autograded" / "learner3" / CHAPTER / "sample.ipynb").chmod(0o644)  # not finished
    found = grade(course)
    points = {row["student"]: row["points"] for row in found["rows"]}
    assert points["square"] == 8.0
    added = [json.loads(line) for line in record.read_text().split("\n")[before:-1]]
    assert {line["student"] for line in added} == {"square", "learner3"}
