import io
import os
import stat
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.collecting import Bounds, Found, Refused, collect, read, recognise
from course_lib.collecting.naming import student_name
from course_lib.errors import InputError

NOTEBOOKS = {"ch01": ["01_words", "02_counts"], "ch02": ["01_vectors"]}
WORK = b'{"cells": []}'


def zipped(files, path=None):
    """Return, or write, a zip of these names and contents; a name may be a ``ZipInfo``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    if path:
        path.write_bytes(buffer.getvalue())
    return path or buffer.getvalue()


def here(root):
    paths = sorted((root / "submitted").rglob("*.ipynb"))
    return [path.relative_to(root / "submitted").as_posix() for path in paths]


def reasons(collected):
    return {one.name: one.reason for one in collected.refused}


def test_a_moodle_download_is_one_folder_a_learner(tmp_path):
    source = zipped({
        "Ada Lovelace_4711_assignsubmission_file_/01_words.ipynb": WORK,
        "Ada Lovelace_4711_assignsubmission_onlinetext_/onlinetext.html": b"<p>see file</p>",
        "Zoë O'Neil_12_assignsubmission_file/02_counts.ipynb": WORK,
        "李 雷_9_assignsubmission_file_01_words.ipynb": WORK,
    }, tmp_path / "moodle.zip")  # fmt: skip
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == [
        "Ada_Lovelace/ch01/01_words.ipynb", "Zoë_O_Neil/ch01/02_counts.ipynb",
        "李_雷/ch01/01_words.ipynb",
    ]  # fmt: skip
    assert found.refused == []
    assert found.students == ["Ada_Lovelace", "Zoë_O_Neil", "李_雷"]


def test_of_canvas_attempts_the_newest_counts_and_the_others_are_named(tmp_path):
    source = zipped({
        "lovelaceada_11_90_01_words.ipynb": b"first",
        "lovelaceada_11_92_01_words-1.ipynb": b"second",
        "lovelaceada_LATE_11_97_01_words-2.ipynb": b"third",
        "turingalan_12_91_01_vectors.ipynb": WORK,
    }, tmp_path / "canvas.zip")  # fmt: skip
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == ["lovelaceada/ch01/01_words.ipynb", "turingalan/ch02/01_vectors.ipynb"]
    assert (tmp_path / "submitted" / here(tmp_path)[0]).read_bytes() == b"third"
    assert sorted(reasons(found)) == [
        "lovelaceada_11_90_01_words.ipynb", "lovelaceada_11_92_01_words-1.ipynb",
    ]  # fmt: skip


def test_loose_notebooks_are_read_by_a_pattern(tmp_path):
    source = tmp_path / "loose"
    source.mkdir()
    for name in ("01_words - ada.ipynb", "01_words - bob (2).ipynb", "notes.ipynb", "a.pdf"):
        (source / name).write_bytes(WORK)
    found = collect(source, tmp_path, NOTEBOOKS, pattern="{notebook} - {student}")
    assert here(tmp_path) == ["ada/ch01/01_words.ipynb", "bob_2/ch01/01_words.ipynb"]
    assert sorted(reasons(found)) == ["a.pdf", "notes.ipynb"]


def test_nbgraders_own_folders_are_known(tmp_path):
    for place in ("ada/ch01", "bob/ch01"):
        (tmp_path / "class" / place).mkdir(parents=True)
        (tmp_path / "class" / place / "01_words.ipynb").write_bytes(WORK)
    collect(tmp_path / "class", tmp_path, NOTEBOOKS)
    assert here(tmp_path) == ["ada/ch01/01_words.ipynb", "bob/ch01/01_words.ipynb"]


def test_a_zip_of_zips_is_opened_once_and_no_deeper(tmp_path):
    inner = zipped({"01_words.ipynb": WORK, "deeper.zip": zipped({"02_counts.ipynb": WORK})})
    source = zipped({"Ada_1_assignsubmission_file_/work.zip": inner}, tmp_path / "all.zip")
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == ["Ada/ch01/01_words.ipynb"]
    assert set(reasons(found).values()) == {"it is a zip in a zip in a zip"}


def link():
    info = zipfile.ZipInfo("link_1_assignsubmission_file_/01_words.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_what_leads_out_of_an_archive_is_refused_and_the_rest_is_taken(tmp_path):
    outside = tmp_path / "course"
    source = zipped({
        "../../evil_1_assignsubmission_file_/01_words.ipynb": WORK,
        "/etc/evil_1_assignsubmission_file_/01_words.ipynb": WORK,
        "C:\\evil_1_assignsubmission_file_\\01_words.ipynb": WORK,
        "a/..\\..\\evil_1_assignsubmission_file_\\01_words.ipynb": WORK,
        link(): b"/etc/passwd",
        "Ada_1_assignsubmission_file_/01_words.ipynb": WORK,
    }, tmp_path / "evil.zip")  # fmt: skip
    found = collect(source, outside, NOTEBOOKS)
    assert here(outside) == ["Ada/ch01/01_words.ipynb"]
    assert sum("leads out" in reason for reason in reasons(found).values()) == 4
    assert sum("link" in reason for reason in reasons(found).values()) == 1
    assert not list(tmp_path.rglob("evil*/"))


def test_bombs_are_not_unpacked(tmp_path):
    bomb = {"Eve_1_assignsubmission_file_/01_words.ipynb": b"0" * (64 * 2**20)}
    found = collect(zipped(bomb, tmp_path / "bomb.zip"), tmp_path, NOTEBOOKS)
    assert "bomb" in next(iter(reasons(found).values()))
    assert here(tmp_path) == []


def test_a_bomb_that_lies_about_its_size_stops_at_the_bound(tmp_path):
    content = bytearray(zipped({"Eve_1_assignsubmission_file_/01_words.ipynb": b"0" * 2**22}))
    honest, lie = (2**22).to_bytes(4, "little"), (100).to_bytes(4, "little")
    (tmp_path / "liar.zip").write_bytes(content.replace(honest, lie))
    (file,) = read(tmp_path / "liar.zip", Bounds(file_bytes=2**16))
    assert isinstance(file, Refused)


def test_too_many_and_too_much_end_the_reading(tmp_path):
    source = zipped({f"{number}.txt": b"x" * 100 for number in range(20)}, tmp_path / "many.zip")
    for bounds in (Bounds(files=5), Bounds(total_bytes=550)):
        *first, last = read(source, bounds)
        assert all(isinstance(file, Found) for file in first)
        assert len(first) == 5
        assert "too much" in last.reason


def test_a_broken_or_encrypted_member_costs_nobody_else_anything(tmp_path):
    content = bytearray(zipped({
        "Ada_1_assignsubmission_file_/01_words.ipynb": WORK * 100,
        "Bob_2_assignsubmission_file_/01_words.ipynb": WORK,
    }))  # fmt: skip
    content[70:80] = b"\xff" * 10
    (tmp_path / "broken.zip").write_bytes(content)
    collect(tmp_path / "broken.zip", tmp_path, NOTEBOOKS)
    assert here(tmp_path) == ["Bob/ch01/01_words.ipynb"]


def test_links_in_a_folder_are_not_followed(tmp_path):
    source = tmp_path / "class"
    (source / "ada" / "ch01").mkdir(parents=True)
    (tmp_path / "secret.ipynb").write_bytes(b"secret")
    (source / "ada" / "ch01" / "01_words.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (source / "bob").symlink_to(tmp_path)
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == []
    assert len(found.refused) == 2


def test_two_learners_of_one_name_are_not_mixed(tmp_path):
    source = zipped({
        "Ada_1_assignsubmission_file_/01_words.ipynb": b"one",
        "Ada_2_assignsubmission_file_/01_words.ipynb": b"other",
    }, tmp_path / "moodle.zip")  # fmt: skip
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == []
    assert all("several learners" in reason for reason in reasons(found).values())


def test_nothing_is_overwritten_without_force(tmp_path):
    name = "Ada_1_assignsubmission_file_/01_words.ipynb"
    collect(zipped({name: b"old"}, tmp_path / "old.zip"), tmp_path, NOTEBOOKS)
    path = tmp_path / "submitted" / "Ada" / "ch01" / "01_words.ipynb"
    new = zipped({name: b"new"}, tmp_path / "new.zip")
    assert "--force" in reasons(collect(new, tmp_path, NOTEBOOKS))[name]
    assert path.read_bytes() == b"old"
    assert collect(new, tmp_path, NOTEBOOKS, force=True, only_plan=True).written == [path]
    assert path.read_bytes() == b"old"
    collect(new, tmp_path, NOTEBOOKS, force=True)
    assert path.read_bytes() == b"new"
    assert collect(new, tmp_path, NOTEBOOKS).unchanged == [path]


def test_the_time_of_handing_in_reaches_nbgrader(tmp_path):
    info = zipfile.ZipInfo("Ada_1_assignsubmission_file_/01_words.ipynb", (2024, 2, 29, 12, 0, 0))
    collect(zipped({info: WORK}, tmp_path / "a.zip"), tmp_path, NOTEBOOKS)
    text = (tmp_path / "submitted" / "Ada" / "ch01" / "timestamp.txt").read_text()
    assert text.startswith("2024-02-")
    assert text.endswith(" UTC\n")


def test_a_notebook_of_two_chapters_needs_to_be_told_which(tmp_path):
    twice = {"ch01": ["01_words"], "ch02": ["01_words"]}
    source = zipped({"ada_1_2_01_words.ipynb": WORK}, tmp_path / "a.zip")
    assert "--chapter" in next(iter(reasons(collect(source, tmp_path, twice)).values()))
    collect(source, tmp_path, {"ch02": ["01_words"]})
    assert here(tmp_path) == ["ada/ch02/01_words.ipynb"]


@pytest.mark.parametrize("pattern", ["{notebook}", "{student}{student}", "{learner}_{notebook}"])
def test_a_pattern_must_say_whose(pattern):
    with pytest.raises(InputError):
        recognise("ada_01_words.ipynb", ["01_words"], pattern)


def test_a_source_that_is_neither_folder_nor_zip_is_refused(tmp_path):
    (tmp_path / "a.rar").write_bytes(b"Rar!")
    with pytest.raises(InputError):
        list(read(tmp_path / "a.rar"))


@given(st.text(max_size=100))
def test_a_learners_name_never_leads_anywhere(who):
    name = student_name(who)
    assert name is None or (name == name.strip(".") and not set(name) & set("/\\:*?[]\x00 \n"))


def folder_of(tmp_path, *names):
    """Return a folder in which each of these names holds one notebook."""
    for name in names:
        place = tmp_path / "handed" / name / "ch01"
        place.mkdir(parents=True)
        (place / "01_words.ipynb").write_bytes(WORK)
    return tmp_path / "handed"


def test_a_name_that_is_too_long_for_a_folder_is_one_refusal(tmp_path):
    long = "\N{CJK UNIFIED IDEOGRAPH-20000}" * 70
    source = zipped({f"{name}/ch01/01_words.ipynb": WORK for name in ("ada", long, "bob")},
                    tmp_path / "class.zip")  # fmt: skip
    found = collect(source, tmp_path, NOTEBOOKS)
    assert here(tmp_path) == ["ada/ch01/01_words.ipynb", "bob/ch01/01_words.ipynb"]
    assert reasons(found) == {f"{long}/ch01/01_words.ipynb": "it cannot be written: "
                              "File name too long"}  # fmt: skip


def test_a_name_that_is_not_utf8_is_refused_and_becomes_nobody_elses(tmp_path):
    source = folder_of(tmp_path, "ada", os.fsdecode(b"Jos\xe9"), os.fsdecode(b"Jos\xe8"))
    found = collect(source, tmp_path, NOTEBOOKS)
    assert found.students == ["ada"]
    assert len(found.refused) == 2
    assert all("not UTF-8" in one.reason for one in found.refused)


def test_pipes_and_folders_called_like_files_keep_nobody_waiting(tmp_path):
    source = folder_of(tmp_path, "ada", "eve")
    os.mkfifo(source / "ada" / "pipe.zip")
    os.mkfifo(source / "ada" / "ch01" / "02_counts.ipynb")
    (tmp_path / "submitted" / "eve" / "ch01" / "01_words.ipynb").mkdir(parents=True)
    found = collect(source, tmp_path, NOTEBOOKS)
    assert found.students == ["ada"]
    assert reasons(found) == {
        "ada/pipe.zip": "it is no plain file",
        "ada/ch01/02_counts.ipynb": "it is no plain file",
        "eve/ch01/01_words.ipynb": "it cannot be written: Is a directory",
    }


def test_a_full_disk_is_one_refusal_and_nothing_half_written(tmp_path, monkeypatch):
    module = sys.modules[collect.__module__]
    write = module.write_whole

    def full(path, content):
        if "eve" in str(path):
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(module, "write_whole", full)
    found = collect(folder_of(tmp_path, "ada", "eve", "zoe"), tmp_path, NOTEBOOKS)
    assert found.students == ["ada", "zoe"]
    assert reasons(found) == {
        "eve/ch01/01_words.ipynb": "it cannot be written: No space left on device"
    }
