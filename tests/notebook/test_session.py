import json
import time

import pytest

from course_lib.notebook import CheckFailed, Session
from course_lib.notebook import session as session_module
from course_lib.notebook.progress import KeptProgress
from tests.exercises import sample


@pytest.fixture
def session(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "course_lib.exercises.sample", sample)
    monkeypatch.setattr(session_module, "find", lambda name: sample.EXERCISE)
    progress = KeptProgress(tmp_path / "home" / "progress.json")
    return Session("ch01_preprocessing", device="cpu", quick=True, progress=progress)


def test_a_right_answer_prints_its_card(session, capsys):
    session.check("sum_of_squares", sample.sum_of_squares)
    assert capsys.readouterr().out.startswith("✓ sum_of_squares: 4 of 4 aspects")


def test_a_wrong_answer_raises_a_card_without_our_frames(session):
    with pytest.raises(CheckFailed) as caught:
        session.check("sum_of_squares", sum)
    (card,) = caught.value._render_traceback_()
    assert "This looks like *plain sum*" in card
    assert "Traceback" not in card
    assert isinstance(caught.value, AssertionError)


def test_use_gives_the_courses_version_until_the_learners_passes(session, capsys):
    assert session.use("sum_of_squares", sum) is sample.sum_of_squares
    assert "the course's own" in capsys.readouterr().out

    def mine(numbers):
        return sum(number**2 for number in numbers)

    assert session.use("sum_of_squares", mine) is mine
    assert "yours" in capsys.readouterr().out


def test_hints_climb_and_stay_at_the_top(session, capsys):
    for _ in range(4):
        session.hint("sum_of_squares")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in lines] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
    ]


def test_the_best_result_is_kept(session):
    session.check("sum_of_squares", sample.sum_of_squares)
    with pytest.raises(CheckFailed):
        session.check("sum_of_squares", sum)
    kept = json.loads(session._progress.path.read_text())
    assert kept["sum_of_squares"] == {"points": 2, "max_points": 2}


def test_a_spoilt_progress_file_stops_nobody(session):
    session._progress.path.parent.mkdir()
    session._progress.path.write_text("{half")
    session.check("sum_of_squares", sample.sum_of_squares)
    assert session._progress.read()["sum_of_squares"]["points"] == 2


def test_an_endless_loop_ends_with_a_sentence(session, monkeypatch):
    monkeypatch.setattr(session_module, "SECONDS_A_CALL", 0.05)

    def endless(numbers):
        while True:
            pass

    began = time.perf_counter()
    with pytest.raises(CheckFailed, match="Which loop never ends"):
        session.check("sum_of_squares", endless)
    assert time.perf_counter() - began < 2


def test_sizes_follow_the_mode_and_the_device(session):
    assert session.pick(quick=1, cpu=2, gpu=3) == 1
    session.quick = False
    assert session.pick(quick=1, cpu=2, gpu=3) == 2
    session.device = "cuda"
    assert session.pick(quick=1, cpu=2, gpu=3) == 3


def test_progress_lists_every_chapter(session):
    table = session.progress()
    assert "ch01_preprocessing" in str(table)
    assert "<table>" in table._repr_html_()
