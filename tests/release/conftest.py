import json
import shutil
import sys
import types

import pytest

from course_lib.grading.classroom import CONFIG
from course_lib.grading.judging import engine, source
from course_lib.release import house_rules
from tests.grading import sample_course
from tests.grading.course_on_disk import REPOSITORY

CHAPTER = "ch98_sample"


@pytest.fixture
def exercises(monkeypatch):
    """The sample course's exercises, found wherever the release looks for them."""
    for name, reference in sample_course.REFERENCES.items():
        module = types.ModuleType(f"course_lib.text.sample_{name}")
        setattr(module, name, reference)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    found = sample_course.EXERCISES
    monkeypatch.setattr(source, "find", found.__getitem__)
    monkeypatch.setattr(engine, "find", found.__getitem__)
    monkeypatch.setattr(house_rules, "load", lambda chapter: tuple(found.values()))
    return found


@pytest.fixture
def document(exercises):
    """The source notebook, which a test may spoil before it writes it down."""
    made = sample_course.notebook()
    made["cells"] = [cell for cell in made["cells"] if cell["id"] not in ("own-test", "essay")]
    return made


@pytest.fixture
def write(tmp_path):
    """Writes a document where a chapter's source notebook stands, and returns its path."""

    def written(document, name="01_sample.ipynb"):
        path = tmp_path / "solutions" / CHAPTER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), "utf-8")
        shutil.copy(REPOSITORY / CONFIG, tmp_path)
        return path

    return written


def cell(document, identity):
    """Return the cell of that id."""
    return next(cell for cell in document["cells"] if cell["id"] == identity)
