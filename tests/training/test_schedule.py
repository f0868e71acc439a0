import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import get_cosine_schedule_with_warmup

from course_lib.errors import InputError
from course_lib.training.schedule import SHAPES, Schedule, set_learning_rate

schedules = st.integers(1, 50).flatmap(
    lambda steps: st.builds(
        Schedule, peak=st.floats(1e-5, 1.0), steps=st.just(steps),
        warm_up=st.integers(0, steps), floor=st.floats(0, 1), shape=st.sampled_from(SHAPES),
    )
)  # fmt: skip


def test_warming_up_is_a_straight_line_to_the_peak():
    schedule = Schedule(peak=4.0, steps=100, warm_up=4)
    assert [schedule(step) for step in range(4)] == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("shape", ["cosine", "linear", "stable"])
def test_the_last_step_is_at_the_floor_and_so_is_every_later_one(shape):
    schedule = Schedule(peak=2.0, steps=30, warm_up=3, floor=0.25, shape=shape)
    assert schedule(29) == pytest.approx(0.5)
    assert schedule(1000) == schedule(29)


@given(schedules)
def test_it_never_exceeds_the_peak_and_never_rises_again(schedule):
    rates = [schedule(step) for step in range(schedule.steps)]
    assert max(rates) <= schedule.peak * (1 + 1e-9)
    after = rates[max(schedule.warm_up - 1, 0) :]
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(after))


def test_the_stable_shape_keeps_its_peak_for_four_fifths():
    schedule = Schedule(peak=1.0, steps=101, shape="stable", floor=0.0)
    assert {schedule(step) for step in range(81)} == {1.0}
    assert schedule(90) == pytest.approx(0.5)


def test_the_inverse_root_halves_when_the_steps_are_fourfold():
    schedule = Schedule(peak=1.0, steps=1000, warm_up=10, shape="inverse root")
    assert schedule(39) == pytest.approx(0.5)


def test_the_cosine_is_that_of_transformers_one_step_on():
    """Theirs starts at 0 and counts the end one step later; between the ends both are one curve."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = get_cosine_schedule_with_warmup(optimiser, num_warmup_steps=9, num_training_steps=99)
    ours = Schedule(peak=1.0, steps=99, warm_up=9, floor=0.0)
    for step in range(99):
        optimiser.step()
        theirs.step()
        assert ours(step) == pytest.approx(optimiser.param_groups[0]["lr"], abs=1e-9)


def test_a_group_keeps_its_own_scale():
    parameters = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    groups = [{"params": [parameters[0]]}, {"params": [parameters[1]], "scale": 0.1}]
    optimiser = torch.optim.SGD(groups, lr=1.0)
    set_learning_rate(optimiser, 0.5)
    assert [group["lr"] for group in optimiser.param_groups] == [0.5, 0.05]


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"warm_up": 11},
        {"warm_up": -1},
        {"peak": -1.0},
        {"floor": 1.5},
        {"shape": "?"},
    ],
)
def test_sizes_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match="schedule"):
        Schedule(**{"peak": 1.0, "steps": 10, **wrong})
