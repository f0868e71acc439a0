import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.gpu import timing
from course_lib.gpu.timing import Timing, in_units, measure, synchronise, timed


@pytest.fixture
def clock(monkeypatch):
    """A clock that advances by one second whenever it is read."""
    now = iter(range(10_000))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: float(next(now)))


def test_cuda_is_waited_for_before_each_reading_of_the_clock(t4, monkeypatch):
    monkeypatch.setattr(timing.time, "perf_counter", lambda: t4.calls.append("clock") or 0.0)
    with timed("cuda"):
        t4.calls.append("work")
    order = [call for call in t4.calls if call in ("synchronize", "clock", "work")]
    assert order == ["synchronize", "clock", "work", "synchronize", "clock"]


def test_apple_is_waited_for(apple):
    synchronise("mps")
    assert "synchronize" in apple


def test_warm_up_calls_do_not_count(clock):
    calls = []
    found = measure(lambda: calls.append(1), device="cpu", warm_up=3, repeats=4)
    assert len(calls) == 7
    assert found.seconds == [1.0] * 4


def test_a_repeat_of_many_calls_is_divided_by_them(clock):
    calls = []
    found = measure(lambda: calls.append(1), device="cpu", warm_up=0, repeats=2, calls=4)
    assert len(calls) == 8
    assert found.seconds == [0.25, 0.25]


@pytest.mark.parametrize("wrong", [{"repeats": 0}, {"calls": 0}, {"warm_up": -1}])
def test_counts_that_measure_nothing_are_refused(wrong):
    with pytest.raises(InputError, match="at least"):
        measure(lambda: None, device="cpu", **wrong)


def test_median_and_minimum_by_hand():
    found = Timing([5.0, 1.0, 2.0, 4.0])
    assert (found.minimum, found.median, found.per_second(6)) == (1.0, 3.0, 2.0)


@given(st.lists(st.floats(1e-9, 1e3), min_size=1))
def test_the_minimum_never_exceeds_the_median(seconds):
    assert Timing(seconds).minimum <= Timing(seconds).median <= max(seconds)


def test_a_block_that_raises_leaves_no_time():
    with pytest.raises(ZeroDivisionError), timed("cpu") as found:
        _ = 1 / 0
    assert str(found) == "not measured yet"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.5, "2.5 s"), (0.25, "250 ms"), (3e-6, "3 µs"), (4e-9, "4 ns"), (0.0, "0 ns")],
)
def test_units_fit_the_number(seconds, text):
    assert in_units(seconds) == text


def test_real_work_takes_longer_when_there_is_more_of_it(device):
    factor = torch.ones(256, 256, device=device)

    def work(products):
        result = factor
        for _ in range(products):
            result = result @ factor * 1e-3
        return result

    little = measure(lambda: work(1), device=device, repeats=5)
    much = measure(lambda: work(40), device=device, repeats=5)
    assert much.minimum > little.minimum
