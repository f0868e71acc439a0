import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.plotting import alternative_text
from course_lib.plotting.training_curves import smoothed, training_curves

losses = st.lists(st.floats(-100, 100), min_size=1, max_size=30).map(np.array)
weights = st.floats(0, 0.99)


@given(losses, weights)
def test_the_smoothed_curve_is_the_weighted_mean_of_what_came_before(values, weight):
    found = smoothed(values, weight)
    for step in range(len(values)):
        parts = weight ** np.arange(step, -1, -1.0)
        expected = (parts * values[: step + 1]).sum() / parts.sum()
        assert found[step] == pytest.approx(expected, abs=1e-6)


@given(losses)
def test_no_weight_for_the_past_leaves_the_values(values):
    np.testing.assert_allclose(smoothed(values, 0), values)


@pytest.mark.parametrize("weight", [-0.1, 1, 1.5])
def test_a_weight_that_forgets_nothing_is_refused(weight):
    with pytest.raises(InputError, match="the smoothing"):
        smoothed(np.ones(3), weight)


def test_each_run_is_drawn_faint_as_measured_and_bold_smoothed():
    figure = training_curves({"a": ([1, 2, 3], [3.0, 2.0, 1.0])}, title="It falls")
    raw, curve = figure.axes[0].get_lines()
    assert raw.get_alpha() < 1
    assert raw.get_ydata().tolist() == [3.0, 2.0, 1.0]
    assert curve.get_ydata()[-1] > 1.0


def test_without_smoothing_only_the_measured_line_is_drawn():
    figure = training_curves({"a": ([1, 2], [3.0, 2.0])}, title="It falls", smoothing=0)
    assert len(figure.axes[0].get_lines()) == 1


def test_losses_that_are_not_finite_are_left_out_and_counted(words):
    runs = {"a": ([1, 2, 3], [3.0, 2.0, np.nan])}
    figure = training_curves(runs, title="It diverges")
    assert "a (1 × NaN, ∞)" in words(figure)
    assert "a: 3 to 2 at 2" in alternative_text(figure)
    assert np.isfinite(figure.axes[0].get_lines()[1].get_ydata()).all()


def test_a_run_that_was_never_finite_can_be_drawn():
    figure = training_curves({"a": ([1, 2], [np.nan, np.inf])}, title="It never learned")
    assert alternative_text(figure)
