import io
import json
import sys

import pytest

from course_lib import cli
from course_lib.cli import doctor
from course_lib.cli.doctor import Finding
from course_lib.cli.printing import print_json, print_table

PAGES = ["cp1252", "gbk", "cp437", "ascii", "utf-8"]


@pytest.fixture
def console(monkeypatch):
    """Gives standard output and errors another code page; returns what was written as bytes."""

    def of(page):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=page) for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])

        def written():
            for stream in streams:
                stream.flush()
            return [stream.buffer.getvalue().decode(page) for stream in streams]

        return written

    return of


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("page", PAGES)
def test_the_doctor_ends_well_on_every_code_page(page, console, monkeypatch):
    findings = (lambda: Finding("name", "李 ✓ 🙂"), lambda: Finding("fault", "…", "mend", True))
    monkeypatch.setattr(doctor, "FINDINGS", findings)
    written = console(page)
    assert run(monkeypatch, "doctor") == 1
    out, _ = written()
    assert ("✓ name" if page == "utf-8" else "+ name") in out
    assert ("✗ fault" if page == "utf-8" else "x fault") in out


def test_two_names_stay_two_where_neither_can_be_shown(console):
    from course_lib.cli.console import show_what_can_be_shown

    written = console("cp1252")
    show_what_can_be_shown()
    print_table("Class …", ["learner"], [["李"], ["王"]])
    out, _ = written()
    assert r"\u674e" in out
    assert r"\u738b" in out


@pytest.mark.parametrize("page", PAGES)
def test_json_says_the_same_on_every_code_page(page, console):
    written = console(page)
    value = {"learner": "李 🙂 é"}
    print_json(value)
    assert json.loads(written()[0]) == value


@pytest.mark.parametrize("page", PAGES)
def test_an_error_of_the_course_is_said_on_every_code_page(page, console, monkeypatch):
    written = console(page)
    assert run(monkeypatch, "collect", "不在.zip") != 0
    assert "Traceback" not in written()[1]
