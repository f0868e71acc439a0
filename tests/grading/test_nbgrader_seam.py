"""What the bridge takes from nbgrader beyond its public names: each says what breaks without it."""

import inspect
import os
import sys
from pathlib import Path

import nbgrader.api
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter

from course_lib.grading.classroom import bridge  # its import keeps the engines


def test_autograde_says_whether_it_reads_a_submission_or_writes_the_graded_notebook():
    converts = inspect.getsource(Autograde.convert_single_notebook)
    reads, writes = (converts.find(f"self._sanitizing = {flag}") for flag in (True, False))
    assert Autograde._sanitizing is True
    assert 0 < reads < writes, "SubmissionExporter would read strangers' JSON through nbformat"


def test_a_converter_names_where_a_submission_comes_from_and_goes_to():
    for name in ("_format_dest", "_format_source"):
        taken = list(inspect.signature(getattr(BaseConverter, name)).parameters)
        assert taken[:3] == ["self", "assignment_id", "student_id"], (
            f"will_be_graded asks {name}: graded submissions would be graded again, or new ones not"
        )


def test_a_gradebook_makes_its_engine_by_the_name_that_the_bridge_keeps(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # alembic
    assert bridge.nbgrader is nbgrader
    address = f"sqlite:///{tmp_path}/gradebook.db"
    with nbgrader.api.Gradebook(address) as one, nbgrader.api.Gradebook(address) as other:
        assert one.engine is other.engine, "each submission would open the gradebook seven times"
