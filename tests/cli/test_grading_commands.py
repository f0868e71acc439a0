"""The instructor's commands, as far as they need no grading: what they refuse and say."""

import json
import zipfile

import pytest
from typer.testing import CliRunner

from course_lib.cli import grade
from course_lib.cli.application import application
from course_lib.errors import CourseError, InputError
from course_lib.grading.classroom.cluster import (
    CERTIFICATES,
    INSECURE,
    PROCESSES,
    SCHEDULER,
    connected,
)
from course_lib.grading.classroom.jobs import ALLOW, REQUIRE
from course_lib.grading.classroom.nbgrader_course import course_api
from course_lib.grading.classroom.place import CONFIG, source_chapters
from tests.grading.course_on_disk import REPOSITORY
from tests.grading.ordinary_course import FILES, SETUP, as_schema, notebook
from tests.grading.sample_course import as_bytes


@pytest.fixture
def course(tmp_path, monkeypatch):
    """An empty course to stand in; returns a function that runs ``course`` there."""
    (tmp_path / CONFIG).write_text((REPOSITORY / CONFIG).read_text("utf-8"))
    source = tmp_path / "solutions" / "old_chapter"
    source.mkdir(parents=True)
    (source / "01_words.ipynb").write_text('{"cells": [], "metadata": {}}')
    monkeypatch.chdir(tmp_path)
    for name in (ALLOW, REQUIRE, SCHEDULER):
        monkeypatch.setenv(name, "")

    def run(*arguments):
        return CliRunner().invoke(application, [str(argument) for argument in arguments])

    return run


def test_collecting_says_what_it_took_and_what_it_refused_and_why(course, tmp_path):
    with zipfile.ZipFile("work.zip", "w") as archive:
        archive.writestr("lovelaceada_11_90_01_words.ipynb", "{}")
        archive.writestr("../evil_1_2_01_words.ipynb", "{}")
    said = course("collect", "work.zip")
    assert said.exit_code == 0
    assert "1 notebooks written" in said.stdout
    assert "leads out" in said.stdout
    assert (tmp_path / "submitted/lovelaceada/old_chapter/01_words.ipynb").exists()
    again = json.loads(course("collect", "work.zip", "--json").stdout)
    assert len(again["unchanged"]) == len(again["refused"]) == 1


def test_nothing_to_collect_is_a_failure(course, tmp_path):
    (tmp_path / "empty").mkdir()
    assert course("collect", "empty").exit_code == 1


def test_nothing_to_grade_says_how_to_get_something(course):
    said = course("grade")
    assert isinstance(said.exception, InputError)
    assert "course collect" in str(said.exception)


def test_a_report_of_an_unknown_chapter_names_the_known_ones(course):
    said = course("report", "nowhere")
    assert isinstance(said.exception, InputError)
    assert "old_chapter" in str(said.exception)


def test_regrading_an_unknown_exercise_is_refused(course):
    said = course("regrade", "--exercise", "nowhere", "--workers", "0")
    assert isinstance(said.exception, InputError)


def test_a_check_of_an_unknown_chapter_is_refused(course):
    assert isinstance(course("check", "nowhere").exception, InputError)


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_check_names_the_cell_at_fault_of_any_course(course, tmp_path):
    place = tmp_path / "solutions" / "old_chapter" / "01_words.ipynb"
    place.with_name("prices.json").write_bytes(FILES[0][1])
    place.write_bytes(as_bytes(as_schema(notebook(), 1)))
    said = course("check", "old_chapter")
    assert said.exit_code == 0, said.stdout
    assert "the solved notebooks get every point" in said.stdout
    place.write_bytes(as_bytes(notebook(setup="import nowhere\n" + SETUP)))
    said = course("check", "old_chapter")
    assert said.exit_code == 1
    assert "cell 2 fails: ModuleNotFoundError: No module named 'nowhere'" in said.stdout


def test_what_is_asked_of_the_sandbox_reaches_every_process(course, monkeypatch):
    import os

    from course_lib.grading.isolation import sandbox

    medium = sandbox.Level("medium", "no namespaces")
    monkeypatch.setattr(sandbox, "probe", lambda: medium)
    assert grade.chosen(require_sandbox=False, allow_unsandboxed=False) == str(medium)
    with pytest.raises(sandbox.SandboxError, match="expected a strong sandbox"):
        grade.chosen(require_sandbox=True, allow_unsandboxed=False)
    assert os.environ[REQUIRE] == "1"


def test_workers_are_processes_of_this_machine_unless_a_cluster_is_named(course, tmp_path):
    import os

    names = (PROCESSES, SCHEDULER, CERTIFICATES, INSECURE)
    with grade.graders(2, None):
        assert [os.environ[name] for name in names] == ["2", "", "", ""]
    with grade.graders(2, "tls://h:1", tmp_path):
        assert [os.environ[name] for name in names] == ["2", "tls://h:1", str(tmp_path), ""]


def test_a_cluster_that_anybody_can_use_is_warned_of(course, capsys):
    with grade.graders(2, "tcp://h:1", insecure_cluster=True):
        assert "anybody who reaches this cluster" in capsys.readouterr().err


def test_the_progress_says_the_rate_and_the_time_left(capsys):
    with grade.progress_bar() as shown:
        told = shown("ch01")
        for number in range(4):
            told(f"learner{number}", number, 4)
        told("", 4, 4)
    said = capsys.readouterr().err
    assert "ch01" in said
    assert "4/4" in said
    assert "a minute" in said


def test_a_scheduler_that_is_none_is_refused():
    with pytest.raises(CourseError):
        connected("nonsense://nowhere")


def test_the_gradebook_is_what_the_environment_names(course, tmp_path, monkeypatch):
    assert course_api(tmp_path).coursedir.db_url.startswith("sqlite:///")
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://me@db/grades")
    assert course_api(tmp_path).coursedir.db_url == "postgresql+psycopg://me@db/grades"
    assert source_chapters(tmp_path) == ["old_chapter"]
