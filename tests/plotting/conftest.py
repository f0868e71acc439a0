import pytest
from matplotlib.text import Text

from course_lib.plotting import fonts


@pytest.fixture
def no_chinese_font(monkeypatch):
    """A machine without any font for Chinese, which has not said so yet."""
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    fonts._say_once_that_it_is_missing.cache_clear()
    yield
    fonts._say_once_that_it_is_missing.cache_clear()


@pytest.fixture(params=["with the fonts installed here", "without a Chinese font"])
def any_fonts(request):
    """Draws once with the machine's fonts, and once as if it had none for Chinese."""
    if request.param.startswith("without"):
        request.getfixturevalue("no_chinese_font")


@pytest.fixture
def words():
    """Returns the texts that a figure shows, without those that are empty."""

    def found(figure):
        return [text.get_text() for text in _visible(figure)]

    return found


@pytest.fixture
def cut_off():
    """Returns the texts that stick out of a figure's page."""

    def found(figure):
        figure.draw_without_rendering()
        page = figure.bbox
        return [
            text.get_text()
            for text in _visible(figure)
            if not (
                page.x0 <= text.get_window_extent().x0
                and text.get_window_extent().x1 <= page.x1
                and page.y0 <= text.get_window_extent().y0
                and text.get_window_extent().y1 <= page.y1
            )
        ]

    return found


def _visible(figure):
    hidden = {label for axes in figure.axes for label in _labels_outside_the_view(axes)}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden
    ]


def _labels_outside_the_view(axes):
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not (axes.axison and low <= tick.get_loc() <= high):
                yield from (tick.label1, tick.label2)
