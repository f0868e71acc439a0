import json
import math

import pytest

from course_lib.training import Log
from course_lib.training import log as module


def steps(folder):
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


def test_a_run_that_goes_on_writes_no_step_twice(tmp_path):
    first = Log(10, tmp_path, show=False)
    first.begin(0)
    for step in (2, 4, 6):
        first.row(step, loss=1.0)
    second = Log(10, tmp_path, show=False)
    second.begin(4)
    for step in (6, 8):
        second.row(step, loss=0.5)
    assert steps(tmp_path) == [2, 4, 6, 8]


def test_a_line_that_a_killed_run_left_unfinished_is_taken_out(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 2.0}\n{"step": 2, "lo')
    log = Log(10, tmp_path, show=False)
    log.begin(3)
    log.row(4, loss=1.0)
    assert steps(tmp_path) == [1, 4]


def test_a_fresh_start_where_a_run_died_before_its_first_checkpoint_begins_a_fresh_log(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 2.0}\n')
    Log(10, tmp_path, show=False).begin(0)
    assert steps(tmp_path) == []


def test_every_line_is_json_that_any_program_reads(tmp_path):
    log = Log(2, tmp_path, show=False)
    log.begin(0)
    log.row(1, validation=math.nan)
    assert (tmp_path / "log.jsonl").read_text() == '{"step": 1, "validation": null}\n'


@pytest.mark.parametrize("start", [0, 40])
def test_the_time_left_follows_from_the_steps_since_the_start(monkeypatch, capsys, start):
    clock = iter([0.0, 0.0, 5.0, 10.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    log = Log(100, show=True)
    log.begin(start)
    log.row(start + 10, loss=1.0)
    log.row(start + 20, loss=1.0)
    shown = capsys.readouterr().out
    assert f"{(90 - start) / 2:.0f} s left" in shown
    assert f"{(80 - start) / 2:.0f} s left" in shown


def test_curves_lose_the_points_that_come_again(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for start, rows in ((0, (2, 4, 6)), (4, (6, 8))):
        log = Log(10, tmp_path, show=False, tensorboard=True)
        log.begin(start)
        for step in rows:
            log.row(step, loss=float(start))
        log.close()
    curves = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    points = [(event.step, event.value) for event in curves.Scalars("loss")]
    assert points == [(2, 0.0), (4, 0.0), (6, 4.0), (8, 4.0)]
