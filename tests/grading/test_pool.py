"""A pool of processes over pairs of sockets: answers, deaths, and an end at once."""

import os
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from course_lib.errors import CourseError, InputError
from course_lib.grading.classroom.pool import Pool
from tests.grading import calls


@pytest.fixture
def pool():
    with Pool(2) as two:
        yield two


def test_calls_are_answered_by_other_processes(pool):
    numbers = {pool.submit(os.getpid).result(30) for _ in range(4)}
    assert len(numbers) <= 2
    assert os.getpid() not in numbers


def test_an_error_travels_as_it_is(pool):
    with pytest.raises(InputError, match="expected 1, got 2"):
        pool.submit(calls.refuse).result(30)


def test_a_process_that_dies_is_replaced_and_its_call_tried_once_more(pool, tmp_path):
    assert pool.submit(calls.die_the_first_time, tmp_path / "tried").result(30) == "alive"
    assert pool.submit(os.getpid).result(30) != os.getpid()


def test_a_call_that_always_ends_its_process_is_given_up_and_others_are_answered(pool, tmp_path):
    always = pool.submit(calls.die, tmp_path / "tried")
    others = [pool.submit(abs, -number) for number in range(6)]
    assert [other.result(30) for other in others] == list(range(6))
    with pytest.raises(CourseError, match="2 times"):
        always.result(30)
    assert (tmp_path / "tried").read_text() == "xx"


def test_closing_ends_what_is_under_way_at_once(tmp_path):
    pool = Pool(1)
    busy, waiting = pool.submit(calls.sleep, tmp_path / "begun"), pool.submit(abs, 1)
    deadline = time.monotonic() + 30
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process = int((tmp_path / "begun").read_text())
    pool.shutdown(wait=True, cancel_futures=True)
    assert not Path(f"/proc/{process}").exists()
    with pytest.raises((CourseError, CancelledError)):
        busy.result(0)
    with pytest.raises(CancelledError):
        waiting.result(0)
    with pytest.raises(RuntimeError):
        pool.submit(abs, 1)


def test_ctrl_c_is_not_for_the_processes_of_the_pool(pool):
    process = pool.submit(os.getpid).result(30)
    assert os.getpgid(process) != os.getpgid(0)
