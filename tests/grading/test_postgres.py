"""The gradebook in a PostgreSQL: the same class, the same scores, and stock commands beside it."""

import json

import pytest

from tests.grading.course_on_disk import CHAPTER, hand_in, make_course, run
from tests.grading.database import database, why_not
from tests.grading.sample_course import submission
from tests.grading.test_crashes import begun, finished, lines, make_class, wait_until

pytestmark = [
    pytest.mark.slow, pytest.mark.sandbox, pytest.mark.skipif(bool(why_not()), reason=why_not()),
]  # fmt: skip
SCORES = """
import json
from pathlib import Path
from course_lib.grading.classroom.nbgrader_course import course_api
rows = course_api(Path.cwd()).get_submissions("ch98_sample")
print(json.dumps({row["student"]: [row["score"], row["needs_manual_grade"]] for row in rows}))
"""


def scores(root, **variables):
    (root / "scores.py").write_text(SCORES)
    done = run(root, "scores", **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_class_in_postgresql_gets_the_scores_that_it_gets_in_sqlite(tmp_path):
    with database() as url:
        one, other = (make_class(tmp_path / name, 7) for name in ("sqlite", "postgresql"))
        finished(one, "grade", "--no-feedback")
        process = begun(other, "grade", "--no-feedback", "--gradebook", url)
        assert wait_until(lambda: lines(other) >= 2, process)
        process.kill()
        process.communicate()
        said = finished(other, "grade", "--gradebook", url)
        assert "gradebook" in said
        assert not (other / "gradebook.db").exists()
        held = scores(other, COURSE_GRADEBOOK=url)
        assert held == scores(one)
        assert held["learner00"] == [8.0, True]
        pages = list((other / "feedback").rglob("*.html"))
        assert len(pages) == 8


def test_stock_commands_use_the_database_that_the_environment_names(tmp_path):
    with database() as url:
        root = tmp_path / "course"
        make_course(root)
        hand_in(root, "ada", submission())
        for command in ("generate_assignment", "autograde", "generate_feedback"):
            done = run(root, "nbgrader", command, CHAPTER, COURSE_GRADEBOOK=url)
            assert done.returncode == 0, done.stderr
        assert run(root, "nbgrader", "export", COURSE_GRADEBOOK=url).returncode == 0
        assert ",ada," in (root / "grades.csv").read_text()
        assert not (root / "gradebook.db").exists()
