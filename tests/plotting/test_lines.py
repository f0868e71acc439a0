import numpy as np
import pytest

from course_lib.errors import InputError, ShapeError
from course_lib.plotting import embedding_map, frequency_curve, training_curves
from course_lib.plotting.lines import lines


def draw(series, **more):
    return lines(series, title="Longer", x_label="size (tokens)", y_label="time (s)", **more)


def ticks(figure):
    figure.draw_without_rendering()
    return [label.get_text() for label in figure.axes[0].get_xticklabels()]


def test_the_sizes_that_were_tried_stand_on_a_logarithmic_axis():
    assert ticks(draw({"a": ([256, 1024, 4096], [1, 2, 3])}, log_x=True)) == [
        "256",
        "1,024",
        "4,096",
    ]


def test_sizes_too_close_to_be_written_are_not():
    assert "101" not in ticks(draw({"a": ([100, 101, 4096], [1, 2, 3])}, log_x=True))


def test_millions_are_written_short():
    assert "1M" in ticks(draw({"a": (np.linspace(0, 2e6, 50), np.ones(50))}))


def test_series_differ_in_dash_as_well_as_in_colour():
    figure = draw({"a": ([1, 2], [1, 2]), "b": ([1, 2], [2, 3])})
    first, second = figure.axes[0].get_lines()
    assert first.get_color() != second.get_color()
    assert first.get_linestyle() != second.get_linestyle()


def test_a_single_line_needs_no_legend():
    assert draw({"a": ([1, 2], [1, 2])}).axes[0].get_legend() is None


def test_lengths_that_differ_and_nothing_at_all_are_refused():
    with pytest.raises(ShapeError, match="the series a: expected 2"):
        draw({"a": ([1, 2], [1])})
    with pytest.raises(InputError, match="at least one"):
        draw({})


NAMES = ["_baseline", "", "$_{5}$", "ours"]


def test_every_series_stands_in_the_legend_whatever_its_name():
    series = {name: ([1, 2], [1, 2]) for name in NAMES}
    curves = training_curves(series, title="Longer")
    places = embedding_map(np.eye(4), NAMES, groups=NAMES, title="Apart")
    falls = frequency_curve({name: range(1, 90) for name in NAMES}, title="Falls", last_rank=50)
    for figure in (draw(series), curves, places, falls):
        figure.draw_without_rendering()
        shown = [text.get_text().strip() for text in figure.axes[0].get_legend().get_texts()]
        begun = ["_baseline", "", r"\$_{5}\$", "ours"]
        assert all(one.startswith(name) for one, name in zip(shown, begun, strict=False)), shown
        assert len(shown) >= len(NAMES)


@pytest.mark.parametrize(
    "text",
    ["What $$ costs", "$x_$ and more", r"$\nonsense{}$", "a $b$ c $$", "$5", "$$\n$n$", r"\$$ $"],
)
def test_dollars_that_hold_no_formula_are_drawn_as_they_are(text):
    figure = lines({"a": ([1, 2], [1, 2])}, title=text, x_label=text, y_label=text)
    figure.draw_without_rendering()


def test_a_formula_stays_one():
    figure = lines({"a": ([1, 2], [1, 2])}, title="As $n^2$", x_label="n", y_label="s")
    assert figure.get_suptitle() == "As $n^2$"
