import pytest

from course_lib.errors import InputError
from course_lib.notebook import recording, start


def test_a_chapter_may_be_named_by_its_number(capsys):
    session = start("ch01", quick=True)
    assert session.chapter == "ch01_preprocessing"
    assert "quick sizes" in capsys.readouterr().out


def test_nbgrader_gets_the_quick_sizes(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert start("ch01").quick is True


def test_an_unknown_chapter_is_refused():
    with pytest.raises(InputError, match="ch01_preprocessing"):
        start("ch77")


def test_where_answers_are_graded_the_session_says_nothing(monkeypatch, capsys):
    monkeypatch.setattr(recording, "active", True)
    session = start("anything")
    session.check("sum_of_squares", "anything")
    assert session.use("sum_of_squares", sum) is sum
    assert session.pick(quick=1, cpu=2, gpu=3) == 1
    assert capsys.readouterr().out == ""


def test_a_wish_for_a_device_is_heard(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert start("ch01", quick=True).device == "cuda"
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    assert start("ch01", quick=True).device == "cpu"
