import numpy as np
import pytest

from course_lib.errors import InputError, ShapeError
from course_lib.plotting import alternative_text
from course_lib.plotting.heat_map import DIVERGING, SEQUENTIAL, heat_map


def image(figure):
    return figure.axes[0].images[0]


def test_small_matrices_have_their_numbers_written_in_with_equal_decimals(words):
    shown = words(heat_map([[1.0, 0.25]], title="Two numbers"))
    assert {"1.00", "0.25"} <= set(shown)


def test_counts_are_written_without_decimals(words):
    assert {"120", "3"} <= set(words(heat_map([[120, 3]], title="Two counts")))


def test_large_matrices_are_colours_alone():
    assert not heat_map(np.ones((13, 13)), title="Many").axes[0].texts


def test_masked_and_infinite_cells_are_neither_coloured_nor_numbered():
    figure = heat_map([[1.0, 2.0], [-np.inf, 4.0]], mask=[[0, 1], [0, 0]], title="Half seen")
    assert image(figure).get_array().mask.tolist() == [[False, True], [True, False]]
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "4"]


def test_numbers_below_zero_bring_two_colours_around_zero():
    both = image(heat_map([[-1.0, 3.0]], title="Signed"))
    assert both.cmap.name == DIVERGING
    assert both.get_clim() == (-3.0, 3.0)
    assert image(heat_map([[1.0, 3.0]], title="Unsigned")).cmap.name == SEQUENTIAL


def test_a_matrix_that_is_wholly_masked_or_zero_can_be_drawn():
    assert heat_map([[np.nan]], title="Nothing")
    assert heat_map([[0.0, 0.0]], title="Zeros")


def test_numbers_stand_out_from_their_cells():
    figure = heat_map([[0.0, 10.0]], title="Dark and light")
    assert [text.get_color() for text in figure.axes[0].texts] == ["white", "black"]


def test_the_alternative_text_names_the_largest_cell():
    figure = heat_map([[1, 2], [9, 4]], rows=["a", "b"], columns=["c", "d"], title="Four")
    assert alternative_text(figure) == "Four. 2 × 2; maximum 9: b, c."


@pytest.mark.parametrize(
    "wrong", [{"rows": ["a"]}, {"columns": ["a"]}, {"mask": [[True]]}, {"mask": [True, False]}]
)
def test_labels_and_masks_of_another_size_are_refused(wrong):
    with pytest.raises(ShapeError):
        heat_map([[1, 2], [3, 4]], title="Four", **wrong)


def test_a_row_alone_is_no_matrix():
    with pytest.raises(InputError, match="2 dimensions"):
        heat_map([1, 2], title="A row")


@pytest.mark.parametrize("length", [2, 6, 12, 40])
@pytest.mark.parametrize("count", [2, 8, 30, 90])
def test_column_labels_never_run_into_each_other(count, length):
    names = ["m" * length] * count
    figure = heat_map(np.ones((3, count)), columns=names, title="Labels")
    figure.draw_without_rendering()
    labels = figure.axes[0].get_xticklabels()
    across = np.diff([label.get_transform().transform(label.get_position())[0] for label in labels])
    turn = np.radians(labels[0].get_rotation())
    level = max(label.get_window_extent().width for label in labels)
    height = labels[0].get_fontsize() * figure.dpi / 72
    needed = level if turn == 0 else height / np.sin(turn)
    assert across.min() > needed
