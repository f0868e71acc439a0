import pytest

from course_lib.errors import InputError
from course_lib.plotting.bars import bars
from course_lib.plotting.canvas import GREY


def draw(values, **more):
    return bars(values, title="Ours is faster", x_label="time (ms)", **more)


def test_bars_say_how_many_times_the_baseline_they_are(words):
    shown = words(draw({"ours": 2.0, "theirs": 9.0}, baseline="ours"))
    assert {"2", "9  (4.5 ×)"} <= set(shown)


def test_without_a_baseline_the_numbers_stand_alone(words):
    assert {"0.125", "123,456", "−2.3"} <= set(words(draw({"a": 0.125, "b": 123456, "c": -2.3})))


def test_large_ratios_and_axes_are_written_plainly(words):
    figure = draw({"ours": 1.0, "theirs": 4e6}, baseline="ours")
    figure.draw_without_rendering()
    assert {"4,000,000  (4,000,000 ×)", "4M"} <= set(words(figure))


def test_bars_are_as_long_as_their_values_and_run_from_top_to_bottom():
    axes = draw({"first": 1.0, "second": 3.0}).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [1.0, 3.0]
    assert axes.yaxis_inverted()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]


def test_only_the_baseline_is_grey():
    from matplotlib.colors import to_rgba

    bars_drawn = draw({"ours": 2.0, "theirs": 9.0}, baseline="ours").axes[0].patches
    assert [bar.get_facecolor() == to_rgba(GREY) for bar in bars_drawn] == [True, False]


@pytest.mark.parametrize("baseline", ["nobody", "zero"])
def test_a_baseline_that_cannot_divide_is_refused(baseline):
    with pytest.raises(InputError, match="the baseline"):
        draw({"zero": 0, "one": 1}, baseline=baseline)


def test_no_bars_are_refused():
    with pytest.raises(InputError, match="the bars"):
        draw({})
