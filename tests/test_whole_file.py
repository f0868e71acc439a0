import os

import pytest

from course_lib.whole_file import whole_file, whole_folder, write_whole


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"old")

    def interrupted():
        with whole_file(path) as file:
            file.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["words.txt"]


def test_the_file_appears_only_when_the_block_has_ended(tmp_path):
    path = tmp_path / "folder" / "words.txt"
    with whole_file(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_others_may_read_the_file_as_any_other(tmp_path):
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    with whole_file(tmp_path / "whole"):
        pass
    assert (tmp_path / "whole").stat().st_mode == plain.stat().st_mode


def test_a_folder_in_the_way_leaves_no_fresh_file(tmp_path):
    (tmp_path / "taken" / "inner").mkdir(parents=True)
    with pytest.raises((IsADirectoryError, PermissionError)), whole_file(tmp_path / "taken"):
        pass
    assert os.listdir(tmp_path) == ["taken"]


def test_a_content_that_is_no_bytes_leaves_the_old_file(tmp_path):
    assert write_whole(tmp_path / "a/b", b"one") == tmp_path / "a/b"
    with pytest.raises(TypeError):
        write_whole(tmp_path / "a/b", 1)
    assert (tmp_path / "a/b").read_bytes() == b"one"
    assert os.listdir(tmp_path / "a") == ["b"]


def test_text_is_written_in_utf_8_with_its_line_ends(tmp_path):
    assert write_whole(tmp_path / "text", "词\n").read_bytes() == "词\n".encode()


def test_a_folder_appears_only_when_it_is_full(tmp_path):
    place = tmp_path / "runs" / "corpus"
    with whole_folder(place) as fresh:
        write_whole(fresh / "one", "1")
        assert not place.exists()
    with whole_folder(place) as fresh:
        write_whole(fresh / "two", "2")
        assert os.listdir(place) == ["one"]
    assert os.listdir(place) == ["two"]


def test_an_error_leaves_the_old_folder_and_nothing_else(tmp_path):
    write_whole(tmp_path / "corpus" / "one", "1")

    def interrupted():
        with whole_folder(tmp_path / "corpus") as fresh:
            write_whole(fresh / "two", "2")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert os.listdir(tmp_path) == ["corpus"]
    assert os.listdir(tmp_path / "corpus") == ["one"]
