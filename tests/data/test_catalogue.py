from pathlib import Path

import pytest

from course_lib.data import cache_folder, catalogue
from course_lib.data.catalogue import downloaded_file, downloads, packages, read_catalogue
from course_lib.errors import DataError, InputError

ROOT = Path(__file__).parents[2]


def test_every_set_says_what_it_is_and_under_which_licence():
    for one in [*packages().values(), *downloads().values()]:
        assert one.description
        assert one.licence
        assert one.source.startswith("https://")


def test_every_download_is_fixed_to_a_commit_and_checked():
    for one in downloads().values():
        assert len(one.commit) == 40
        assert one.files
        assert all(file.size > 0 for file in one.files)
        assert len({file.sha256 for file in one.files}) == len(one.files)


def test_the_readme_lists_the_catalogue():
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{one.name}` | {one.description} | {one.licence} | `pip install {one.pip}` |"
            for one in packages().values()]  # fmt: skip
    for one in downloads().values():
        size = sum(file.size for file in one.files) / 2**20
        origin = f"[{one.repository}](https://github.com/{one.repository}/tree/{one.commit})"
        rows.append(f"| `{one.name}` | {one.description} | {one.licence} | {size:.1f} MiB | "
                    f"{len(one.files)} | {origin} |")  # fmt: skip
    assert [row for row in rows if row not in page] == []


def test_an_address_names_repository_commit_and_path():
    words = downloads()["nltk_data"]
    assert words.address(words.files[0]) == (
        "https://raw.githubusercontent.com/nltk/nltk_data/"
        "5db857e6f7df11eabb5e5665836db9ec8df07e28/packages/corpora/inaugural.zip"
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "a\\b"])
def test_a_path_that_leaves_its_set_is_refused(make_sets, path):
    make_sets({"words": {"x": b"y"}})
    folder = catalogue.CATALOGUE
    (folder / "checksums/words.txt").write_text(f"{'0' * 64} 1 {path}\n")
    read_catalogue.cache_clear()
    with pytest.raises(DataError, match="a path in the set"):
        downloads()


@pytest.mark.parametrize("line", ["abc 1 x", f"{'0' * 64} one x", "x"])
def test_a_malformed_checksum_is_refused(make_sets, line):
    make_sets({"words": {"x": b"y"}})
    (catalogue.CATALOGUE / "checksums/words.txt").write_text(line)
    with pytest.raises(DataError, match=r"checksum|SHA-256"):
        downloads()


def test_a_missing_set_names_its_command():
    with pytest.raises(DataError, match=r"not here.*`course data nltk_data`"):
        downloaded_file("nltk_data", "shakespeare.zip")


def test_a_file_that_the_set_never_had_is_an_input_error():
    with pytest.raises(InputError, match="expected one of inaugural"):
        downloaded_file("nltk_data", "brown.zip")


def test_the_cache_is_the_users_unless_named(monkeypatch, tmp_path):
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("COURSE_DATA")
    assert "words-and-pixels" in cache_folder().parts
