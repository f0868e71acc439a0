import hashlib
import json

import pytest
from typer.testing import CliRunner

from course_lib.cli.application import application
from course_lib.data import catalogue

CATALOGUE = """
[packages]
[downloads.songs]
description = "songs to sing"
repository = "someone/songs"
commit = "abc"
folder = ""
licence = "MIT"
source = "https://example.org"
"""


@pytest.fixture(autouse=True)
def songs(tmp_path, monkeypatch):
    (tmp_path / "catalogue/checksums").mkdir(parents=True)
    (tmp_path / "catalogue/catalogue.toml").write_text(CATALOGUE)
    line = f"{hashlib.sha256(b'tra la').hexdigest()} 6 c.txt\n"
    (tmp_path / "catalogue/checksums/songs.txt").write_text(line)
    (tmp_path / "mirror/songs").mkdir(parents=True)
    (tmp_path / "mirror/songs/c.txt").write_bytes(b"tra la")
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path / "catalogue")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "mirror"))


def run(*words):
    result = CliRunner().invoke(application, ["data", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_list_says_what_is_missing_and_how_to_get_it():
    printed = run()
    assert "songs to sing" in printed
    assert "get songs by: course data songs" in printed


@pytest.mark.parametrize("words", [["songs"], ["--all"], ["songs", "--workers", "1"]])
def test_a_set_is_got(words, tmp_path):
    run(*words)
    assert (tmp_path / "cache/songs/c.txt").read_bytes() == b"tra la"
    assert "get songs" not in run()


def test_json_is_one_document(tmp_path):
    (row,) = json.loads(run("songs", "--json"))
    assert row["present"] is True
    assert row["folder"] == str(tmp_path / "cache/songs")
