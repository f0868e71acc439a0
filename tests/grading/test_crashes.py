"""``course grade``, ended from outside in every way and run again: nothing lost, nothing twice."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.grading import tls_cluster
from tests.grading.course_on_disk import hand_in, make_course, variables_of
from tests.grading.sample_course import submission

pytestmark = pytest.mark.sandbox
COURSE = "from course_lib.cli import main\nif __name__ == '__main__':\n    main()\n"
QUERIES = (
    "select student_id, timestamp from submitted_assignment",
    """select student.id, base_cell.name, auto_score, manual_score, needs_manual_grade from grade
       join submitted_notebook on grade.notebook_id = submitted_notebook.id
       join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
       join student on submitted_assignment.student_id = student.id
       join base_cell on grade.cell_id = base_cell.id""",
    "select count(*), auto_comment, manual_comment from comment group by 2, 3",
)
ANSWERS = (
    {},
    {"double": "def double(numbers):\n    return [n * n for n in numbers]"},
    {"count_words": "def count_words(text):\n    return {}", "essay": "Much."},
    {"row_sums": "def row_sums(matrix):\n    return matrix"},
)


def make_class(root, learners):
    make_course(root)
    (root / "course.py").write_text(COURSE)
    for number in range(learners):
        hand_in(root, f"learner{number:02}", submission(**ANSWERS[number % len(ANSWERS)]))
    hand_in(root, "broken", b"{")
    return root


def begun(root, *words):
    """Start ``course`` with these words, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "course.py", *words], cwd=root, env=variables_of(root),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def finished(root, *words):
    """Run ``course`` to its end and return what it said."""
    with begun(root, *words) as process:
        said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def gradebook(root):
    """Return all that a gradebook holds of a class, in an order of its own."""
    with sqlite3.connect(root / "gradebook.db") as connection:
        held = [sorted(map(str, connection.execute(query))) for query in QUERIES]
    connection.close()
    return held


def notebooks(root):
    return {
        str(path.relative_to(root)): json.loads(path.read_text("utf-8"))
        for path in sorted((root / "autograded").rglob("*.ipynb"))
    }


def lines(root):
    record = root / ".course" / "grading.jsonl"
    return record.read_bytes().count(b"\n") if record.exists() else 0


def wait_until(condition, process, seconds=120):
    """Wait until a condition holds or the process has ended; returns whether it held."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root = make_class(tmp_path_factory.mktemp("undisturbed"), 23)
    finished(root, "grade", "--no-feedback")
    return root


@pytest.mark.parametrize(("kills", "seed"), [(2, 1), pytest.param(20, 2, marks=pytest.mark.slow)])
def test_killed_at_random_moments_and_run_again_the_gradebook_is_the_same(
    kills, seed, undisturbed, tmp_path
):
    chance = random.Random(seed)
    root, killed = make_class(tmp_path / "killed", 23), 0
    while killed < kills:
        process = begun(root, "grade", "--no-feedback", "--workers", str(chance.choice((0, 2))))
        before = lines(root)
        wait_until(lambda before=before: lines(root) > before, process)
        wait_until(lambda: False, process, chance.uniform(0, 0.3))
        if process.poll() is not None:  # it came to its end: disturb it from the beginning
            (root / ".course" / "grading.jsonl").unlink()
        process.kill()  # SIGKILL, to the writer alone: its helpers must end by themselves
        process.communicate()
        killed += 1
    finished(root, "grade", "--no-feedback")
    assert gradebook(root) == gradebook(undisturbed)
    assert notebooks(root) == notebooks(undisturbed)


@pytest.mark.slow
def test_interrupted_it_finishes_the_learner_and_goes_on_later(undisturbed, tmp_path):
    root = make_class(tmp_path / "interrupted", 23)
    process = begun(root, "grade", "--no-feedback")
    assert wait_until(lambda: lines(root) >= 3, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all of its processes
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "the same command goes on" in said
    assert 3 <= lines(root) < 24
    finished(root, "grade", "--no-feedback")
    assert lines(root) == 24, "nothing is graded twice"
    assert gradebook(root) == gradebook(undisturbed)


@pytest.mark.slow
@pytest.mark.skipif(bool(tls_cluster.why_not()), reason=tls_cluster.why_not())
def test_one_of_two_workers_killed_half_way_costs_nobody_a_point(undisturbed, tmp_path):
    root = make_class(tmp_path / "cluster", 23)
    ours, variables = tls_cluster.make_certificates(tmp_path / "tls"), variables_of(root)
    with (
        tls_cluster.scheduler(root, ours, **variables) as address,
        tls_cluster.workers(root, address, 2, ours, **variables) as workers,
    ):
        words = ("--scheduler", address, "--certificates", str(ours))
        process = begun(root, "grade", "--no-feedback", *words)
        assert wait_until(lambda: lines(root) >= 6, process)
        workers[0].kill()
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 0, said
    assert gradebook(root) == gradebook(undisturbed)
