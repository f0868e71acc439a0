import json
import threading

import pytest
from filelock import FileLock

from course_lib.notebook import progress
from course_lib.notebook.progress import KeptProgress, progress_table

NAME = "one_hot"


@pytest.fixture
def kept(tmp_path):
    return KeptProgress(tmp_path / "home" / "progress.json")


def spoil(kept, content):
    kept.path.parent.mkdir()
    kept.path.write_text(json.dumps(content) if not isinstance(content, str) else content)


@pytest.mark.parametrize(
    "entry",
    [
        7, None, "text", ["points"], {"points": "many", "hints": "two"},
        {"points": None, "hints": None}, {"points": float("nan"), "hints": float("nan")},
        {"points": float("inf"), "hints": float("inf")}, {"points": [2], "hints": {}},
        {"points": -5, "hints": -5}, {"points": 10**400, "hints": True}, {},
    ],
)  # fmt: skip
def test_an_entry_that_nobody_wrote_counts_as_nothing(kept, entry):
    spoil(kept, {NAME: entry, "tf_idf": {"points": 1, "max_points": 2}})
    assert " 0 of" in str(progress_table(kept))
    assert kept.open_hint(NAME, 3) == 1
    kept.record(NAME, 1.5, 2)
    assert kept.read()[NAME] == {"hints": 1, "points": 1.5, "max_points": 2}
    assert kept.read()["tf_idf"]["points"] == 1


@pytest.mark.parametrize("content", ["[" * 100_000, "[1]", "3", "", "\\xff", '{"a": 1'])
def test_a_file_that_nobody_wrote_counts_as_empty(kept, content):
    spoil(kept, content)
    assert kept.read() == {}
    kept.record(NAME, 1, 2)
    assert kept.read()[NAME]["points"] == 1


def test_a_fraction_of_a_hint_is_none(kept):
    spoil(kept, {NAME: {"hints": 1.5}})
    assert kept.open_hint(NAME, 3) == 2


def test_kernels_that_record_at_the_same_time_lose_nothing(kept):
    start = threading.Barrier(4)

    def work(kernel):
        start.wait()
        for number in range(10):
            KeptProgress(kept.path).record(f"exercise {kernel}-{number}", 1, 1)

    threads = [threading.Thread(target=work, args=(kernel,)) for kernel in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.read()) == 40


def test_a_home_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    kept = KeptProgress(tmp_path / "home" / "progress.json")
    kept.record(NAME, 1, 2)
    assert kept.open_hint(NAME, 3) == 1


@pytest.mark.parametrize("error", [NotImplementedError, PermissionError])
def test_a_home_without_locks_keeps_progress(kept, monkeypatch, error):
    def refused(*arguments, **named):
        raise error

    monkeypatch.setattr(FileLock, "acquire", refused)
    kept.record(NAME, 1, 2)
    assert kept.read()[NAME]["points"] == 1


def test_a_kernel_that_never_lets_go_stops_nobody(kept, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_TO_WAIT", 0.05)
    kept.record(NAME, 1, 2)
    with FileLock(kept.path.with_name("progress.json.lock")):
        kept.record(NAME, 2, 2)
    assert kept.read()[NAME]["points"] == 2
