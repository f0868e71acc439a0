import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks._results import table, write_section
from benchmarks.harness import Row, compare, equal, run, subjects
from course_lib.errors import CourseError, InputError


class Ticks:
    """A clock that moves only when a side of the benchmark is called."""

    def __init__(self):
        self.now = 0.0
        self.calls = []

    def __call__(self):
        return self.now

    def side(self, name, seconds):
        waits = iter(seconds)

        def call():
            self.calls.append(name)
            self.now += next(waits)
            return 7

        return call


def test_the_least_time_of_each_side_counts():
    clock = Ticks()
    ours, peer = clock.side("ours", [9, 4, 2, 3]), clock.side("peer", [9, 8, 16, 10])
    row = compare("x", ours=ours, peer=peer, work=8, unit="MB/s", rounds=3, clock=clock)
    assert (row.ours, row.peer, row.ratio) == (4.0, 1.0, 4.0)


def test_the_sides_are_timed_in_turn_and_neither_is_always_first():
    clock = Ticks()
    ours, peer = clock.side("ours", [1] * 4), clock.side("peer", [1] * 4)
    compare("x", ours=ours, peer=peer, work=1, unit="/s", rounds=3, clock=clock)
    warm_up, timed = clock.calls[:2], clock.calls[2:]
    assert warm_up == ["ours", "peer"]
    assert timed == ["ours", "peer", "peer", "ours", "ours", "peer"]


def test_a_peer_that_gives_something_else_is_not_compared():
    with pytest.raises(CourseError, match="two different results"):
        compare("x", ours=lambda: 1, peer=lambda: 2, work=1, unit="/s")


def test_the_peer_may_do_another_amount_of_the_same_work():
    clock = Ticks()
    ours, peer = clock.side("ours", [2, 2]), clock.side("peer", [2, 2])
    row = compare("x", ours=ours, peer=peer, work=8, peer_work=2, unit="/s", rounds=1, clock=clock)
    assert (row.ours, row.peer, row.ratio) == (4.0, 1.0, 4.0)


def test_without_a_peer_the_target_is_a_speed():
    clock = Ticks()
    row = compare(
        "x", ours=clock.side("o", [1, 1]), work=3, unit="/s", target=2, rounds=1, clock=clock
    )
    assert row.ratio is None
    assert row.met


def test_no_rounds_measure_nothing():
    with pytest.raises(InputError, match="rounds"):
        compare("x", ours=list, work=1, unit="/s", rounds=0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([1, (2, "a")], (1, [2, "a"]), True),
        ([1], [1, 2], False),
        ({"a": np.ones(3)}, {"a": np.ones(3)}, True),
        (np.ones(3), np.ones((1, 3)), False),
        (np.ones(3), np.zeros(3), False),
    ],
)
def test_results_are_equal_by_value(one, other, same):
    assert equal(one, other) is same


SUBJECT = """
from benchmarks.harness import Row

def rows():
    yield Row("{name}", 2.0, 1.0, 2.0, 8.0, 1.5, "MB/s")
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("harness", "_results", "one", "two"):
        (tmp_path / f"{name}.py").write_text(SUBJECT.format(name=f"work {name}"))
    return tmp_path


def test_every_file_but_the_harness_is_a_subject(folder):
    assert subjects(folder) == ["one", "two"]


def test_running_one_subject_keeps_the_rows_of_the_others(folder):
    assert [row.name for row in run(folder=folder)] == ["work one", "work two"]
    (folder / "one.py").write_text(SUBJECT.format(name="new work"))
    run("one", folder=folder)
    written = (folder / "RESULTS.md").read_text("utf-8")
    assert "new work" in written
    assert "work one" not in written
    assert "work two" in written
    assert written.count("## one") == written.count("## two") == 1


def test_writing_twice_gives_the_same_file(folder):
    run(folder=folder)
    first = (folder / "RESULTS.md").read_bytes()
    run(folder=folder)
    assert (folder / "RESULTS.md").read_bytes() == first
    assert not list(folder.glob(".RESULTS*"))


def test_an_unknown_subject_is_refused_with_the_known_ones(folder):
    with pytest.raises(InputError, match="one, two"):
        run("../three", folder=folder)


def test_a_missing_peer_passes_a_subject_over_unless_it_was_named(folder, capsys):
    (folder / "one.py").write_text("import no_such_peer_at_all")
    assert [row.name for row in run(folder=folder)] == ["work two"]
    assert "no_such_peer_at_all" in capsys.readouterr().err
    with pytest.raises(InputError, match="peers"):
        run("one", folder=folder)


def test_the_table_says_when_a_target_is_missed():
    rows = [Row("a|b", 1.0, 2.0, 0.5, None, 0.25, "MB/s"), Row("c", 1.0, 2.0, 0.5, None, 1.0, "")]
    first, second = table(rows).splitlines()[2:]
    assert "a\\|b" in first
    assert "missed" not in first
    assert "≥ 1 × (missed)" in second


def test_the_circumstances_stand_below_the_numbers(tmp_path):
    row = Row("a", 1.0, None, None, None, None, "MB/s", rounds=7)
    write_section(tmp_path / "R.md", "one", [row], ["numpy", "no-such-package"])
    written = (tmp_path / "R.md").read_text("utf-8")
    assert "7 rounds" in written
    assert f"numpy {np.__version__}" in written
    assert "no-such-package (not installed)" in written


def test_the_command_prints_the_rows_as_json(monkeypatch, capsys):
    from course_lib.cli import bench

    rows = [Row("a", 1.0, 2.0, 0.5, None, 1.0, "MB/s")]
    monkeypatch.setattr("benchmarks.harness.run", lambda subject: rows)
    bench.bench("a", as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["ratio"] == 0.5
