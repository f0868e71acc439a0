import json
import sys

import nbformat
import pytest
from typer.testing import CliRunner

from course_lib import cli
from course_lib.cli.application import application
from course_lib.cli.listing import described_chapters
from course_lib.exercises import chapters, load
from course_lib.gpu import choose_precision


@pytest.fixture
def course():
    """Runs ``course`` with arguments and returns what came of it."""

    def run(*arguments):
        return CliRunner().invoke(application, [str(argument) for argument in arguments])

    return run


def test_the_doctor_says_of_everything_what_it_found(course):
    findings = {row["what"]: row for row in json.loads(course("doctor", "--json").stdout)}
    named = {"Python", "torch", "device", "precision", "memory", "nbgrader", "sandbox", "data"}
    assert named <= set(findings)
    assert all(row["state"] for row in findings.values())
    assert findings["precision"]["state"] == str(choose_precision())


def test_the_doctor_finds_fault_with_an_unfit_python(course, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    found = course("doctor")
    assert found.exit_code == 1
    assert "mend it with: make lab" in found.stdout


def test_the_list_names_every_exercise_with_what_a_program_needs(course):
    listed = json.loads(course("list", "--json").stdout)
    assert [chapter["name"] for chapter in listed] == list(chapters())
    rows = [row for chapter in listed for notebook in chapter["notebooks"]
            for row in notebook["exercises"]]  # fmt: skip
    assert [row["name"] for row in rows] == [e.name for c in chapters() for e in load(c)]
    wanted = {"name", "kind", "points", "difficulty", "minutes", "aspects", "mistakes", "reference"}
    assert all(wanted <= set(row) for row in rows)
    assert all(len(row["mistakes"]) >= 3 for row in rows)


def test_the_list_is_a_table_for_people(course):
    found = course("list")
    assert found.exit_code == 0
    assert chapters()[0] in found.stdout


def test_each_chapter_has_a_debugging_a_predicting_and_a_vectorising_exercise():
    for chapter in described_chapters():
        kinds = {row["kind"] for notebook in chapter["notebooks"] for row in notebook["exercises"]}
        assert {"debug", "predict", "vectorise", "challenge"} <= kinds, chapter["name"]


def test_an_error_of_the_course_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["course", "check", "ch99_nothing"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    error = capsys.readouterr().err
    assert error.startswith("course: the chapter: expected ")
    assert "Traceback" not in error


@pytest.fixture
def notebook(tmp_path):
    """A source notebook with a solution cell, as nbgrader marks it."""
    marks = {"nbgrader": {"grade_id": "double", "solution": True, "points": 2}}
    cells = [
        nbformat.v4.new_markdown_cell("# Title"),
        nbformat.v4.new_code_cell("double = 1", metadata=marks),
    ]
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def _editor(tmp_path, program):
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{program}\n")
    return f"{sys.executable} {script}"


def test_editing_as_text_keeps_ids_and_marks(course, notebook, tmp_path):
    before = nbformat.read(notebook, 4)
    change = "path.write_text(path.read_text().replace('double = 1', 'double = 2'))"
    assert course("edit", notebook, "--editor", _editor(tmp_path, change)).exit_code == 0
    after = nbformat.read(notebook, 4)
    assert after.cells[1].source == "double = 2"
    assert after.cells[1].metadata == before.cells[1].metadata
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert "jupytext" not in after.metadata


def test_an_editor_that_fails_leaves_the_notebook_as_it_was(course, notebook, tmp_path):
    before = notebook.read_bytes()
    found = course("edit", notebook, "--editor", _editor(tmp_path, "sys.exit(3)"))
    assert found.exit_code == 1
    assert notebook.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["editor.py", "one.ipynb"]


def test_every_command_explains_itself(course):
    shown = course("--help").stdout
    for command in application.registered_commands:
        assert command.name in shown
        assert course(command.name, "--help").exit_code == 0
