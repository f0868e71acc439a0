import json

import pytest

from course_lib.release import released, write_release
from tests.release.conftest import CHAPTER


@pytest.fixture
def path(document, write):
    return write(document)


def test_no_solution_and_no_mark_of_one_is_released(path):
    text = released(path)
    assert "SOLUTION" not in text
    assert "2 * number" not in text
    assert text.count("raise NotImplementedError()") == 3


def test_the_released_notebook_keeps_every_cell_and_check(path, document):
    cells = json.loads(released(path))["cells"]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in document["cells"]]
    assert sum("session.check(" in "".join(cell["source"]) for cell in cells) == 3


def test_releasing_twice_writes_once(path, tmp_path):
    assert [stale.name for stale in write_release(CHAPTER, tmp_path)] == [path.name]
    assert write_release(CHAPTER, tmp_path) == []


def test_an_edited_release_is_stale_and_is_put_right(path, tmp_path):
    write_release(CHAPTER, tmp_path)
    learners = tmp_path / "notebooks" / CHAPTER / path.name
    sound = learners.read_text("utf-8")
    learners.write_text(sound.replace("Write `double`", "Please write `double`"), "utf-8")
    assert write_release(CHAPTER, tmp_path, check_only=True) == [learners]
    assert write_release(CHAPTER, tmp_path) == [learners]
    assert learners.read_text("utf-8") == sound


def test_a_notebook_without_a_source_is_taken_away(path, tmp_path):
    write_release(CHAPTER, tmp_path)
    left = tmp_path / "notebooks" / CHAPTER / "02_gone.ipynb"
    left.write_text("{}", "utf-8")
    assert write_release(CHAPTER, tmp_path, check_only=True) == [left]
    write_release(CHAPTER, tmp_path)
    assert not left.exists()
