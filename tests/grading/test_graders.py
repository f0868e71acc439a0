import dataclasses
import json
import os
from concurrent.futures import CancelledError, Future

import pytest

from course_lib.errors import CourseError, InputError
from course_lib.grading.classroom import cluster
from course_lib.grading.classroom.cluster import graders_wanted
from course_lib.grading.classroom.graders import Graders
from course_lib.grading.classroom.jobs import Job, handed_in
from course_lib.grading.judging.submission import GradingTask, close_servers, grade_submission
from tests.grading.sample_course import as_bytes, notebook, submission

SEED = 99


@pytest.fixture(autouse=True)
def _no_servers_stay():
    yield
    close_servers()


@pytest.fixture
def jobs(tmp_path):
    (tmp_path / "source.ipynb").write_text(json.dumps(notebook()))
    documents = [submission(), submission(double="def double(numbers):\n    return []")]
    for number, document in enumerate(documents):
        (tmp_path / f"{number}.ipynb").write_bytes(as_bytes(document))
    return [Job(tmp_path / f"{n}.ipynb", tmp_path / "source.ipynb", SEED) for n in (0, 1)]


@pytest.mark.sandbox
def test_the_same_data_give_the_same_result():
    task = GradingTask(as_bytes(submission()), as_bytes(notebook()), SEED)
    one, other = (grade_submission(task) for _ in range(2))
    assert one.scores == other.scores
    assert one.points == 8


@pytest.mark.sandbox
def test_a_server_that_was_ended_from_outside_is_started_again():
    task = GradingTask(as_bytes(submission()), as_bytes(notebook()), SEED)
    grade_submission(task)
    from course_lib.grading.judging.submission import ASSIGNMENTS

    (assignment,) = ASSIGNMENTS.values()
    assignment.server._process.kill()
    assert grade_submission(task).points == 8


@pytest.mark.sandbox
def test_results_come_in_whatever_order_they_are_asked_for(jobs):
    asked = Graders()
    asked.expect(jobs)
    assert asked.expects(jobs[1])
    assert asked.result(jobs[1]).points == 5.5
    assert asked.result(jobs[0]).points == 8


@pytest.mark.sandbox
def test_what_is_replaced_while_it_is_graded_keeps_the_mark_of_what_was_graded(jobs):
    asked, before = Graders(), jobs[1].read().mark()
    asked.expect(jobs)
    assert asked.reading(jobs[1]).mark() == before
    jobs[1].submission.write_bytes(as_bytes(submission()))
    assert asked.result(jobs[1]).points == 5.5
    assert asked.reading(jobs[1]).mark() == before
    asked.forget(jobs[1])
    assert asked.reading(jobs[1]).mark() != before


@pytest.mark.sandbox
def test_what_a_lost_worker_was_at_is_graded_here(jobs):
    for lost in (RuntimeError("killed three times"), CancelledError(), OSError()):
        asked, future = Graders(), Future()
        future.set_exception(lost)
        asked._running[jobs[0]] = future
        assert asked.result(jobs[0]).points == 8


def test_a_failure_of_the_course_itself_is_not_tried_again(jobs):
    asked, future = Graders(), Future()
    future.set_exception(CourseError("the exercise is broken"))
    asked._running[jobs[0]] = future
    with pytest.raises(CourseError, match="broken"):
        asked.result(jobs[0])


def test_a_worker_with_another_version_of_the_course_grades_nobody(jobs):
    with pytest.raises(CourseError, match="same version"):
        cluster.graded_there("another digest", jobs[0].read())


def test_what_lies_beside_a_source_belongs_to_the_job(jobs, tmp_path):
    (tmp_path / "prices.csv").write_text("1,2")
    one = dataclasses.replace(jobs[0], beside=(tmp_path / "prices.csv",))
    assert one.read().files == (("prices.csv", b"1,2"),)
    assert one.read().mark() != jobs[0].read().mark()


def test_more_beside_a_source_than_can_travel_is_refused(jobs, tmp_path):
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(CourseError, match="64 MiB"):
        dataclasses.replace(jobs[0], beside=(tmp_path / "large.bin",)).read()


def test_a_mark_changes_with_all_that_the_result_depends_on(jobs):
    first, second = jobs
    mark = first.read().mark()
    assert mark == Job(first.submission, first.source, SEED).read().mark()
    assert mark != second.read().mark()
    assert mark != Job(first.submission, first.source, SEED + 1).read().mark()
    assert "seed" not in repr(first)


def test_a_link_counts_as_an_empty_file(tmp_path):
    (tmp_path / "solution").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "solution")
    assert handed_in(tmp_path / "link") == b""
    assert handed_in(tmp_path / "solution") == b"secret"


def test_a_pipe_and_a_folder_count_as_empty_files_and_keep_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    assert handed_in(tmp_path / "pipe.ipynb") == handed_in(tmp_path / "folder.ipynb") == b""


def test_the_number_of_processes_must_be_a_number(monkeypatch):
    monkeypatch.setenv(cluster.PROCESSES, "many")
    with pytest.raises(InputError):
        graders_wanted()
    monkeypatch.setenv(cluster.PROCESSES, "3")
    assert graders_wanted() == 3
