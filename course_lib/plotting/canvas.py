"""The empty sheet that every figure of the course begins with."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.errors import InputError
from course_lib.plotting.fonts import drawable, families
from course_lib.plotting.measuring import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Eight colours that all kinds of colour vision tell apart: Okabe & Ito (2002),
# https://jfly.uni-koeln.de/color/. Yellow is last, since lines in it are faint on white.
OKABE_ITO = (
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#009E73",  # bluish green
    "#CC79A7",  # reddish purple
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#000000",
    "#F0E442",  # yellow
)
DASHES = ("-", "--", "-.", ":")  # a second mark beside the colour
INK, GREY, GRID = "#222222", "#767676", "#DDDDDD"
WIDTH = 7.5  # inches, at DPI pixels each: what a notebook's column holds
DPI = 100
TITLE_POINTS = 12.5
PIECE = re.compile(
    r"\n|[\u2e80-\uffef]|(?:(?<!\\)\$[^$\n]*\$\S*|[^\s\u2e80-\uffef]+)[^\S\n]?|[^\S\n]"
)
TITLE_LINE = 0.22  # inches for each further line of the title
SETTINGS: dict[str, Any] = {
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}


@contextlib.contextmanager
def canvas(
    title: str, width: float | int = WIDTH, height: float | int = 4.0
) -> Iterator[tuple[Figure, Axes]]:
    """Give a new figure of ``width`` × ``height`` inches with a title, and the axes on it.

    Further lines of the title make it taller. The settings hold inside the block only: no state
    of Matplotlib is changed for others. Raises ``InputError`` for an empty title.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with styled():
        tall = height + TITLE_LINE * heading(title, width).count("\n")
        figure = new_figure(title, width, tall, ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06))
        axes = figure.subplots()
        axes.tick_params(which="both", labelfontfamily=families())
        yield figure, axes


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Draw in the course's style inside the block."""
    import matplotlib

    settings: Any = {**SETTINGS, "font.family": families()}
    with matplotlib.rc_context(settings):
        yield


def new_figure(title: str, width: float | int, height: float | int, layout: Any = None) -> Figure:
    """Return a figure outside pyplot, its title wrapped and at the left edge."""
    from matplotlib.figure import Figure

    if not title.strip():
        raise InputError("the title", expected="a sentence that says what is seen", got=repr(title))
    figure = Figure(figsize=(width, height), dpi=DPI, layout=layout)
    lines = heading(title, width)
    figure.suptitle(lines, x=0.01, ha="left", fontsize=TITLE_POINTS, fontweight="bold")
    return figure


def heading(title: str, width: float | int) -> str:
    """Return the title in lines that fit into ``width`` inches."""
    room = (0.98 * width - 0.1) * 72
    return wrapped(
        drawable(title, maths=True), room, lambda line: text_width(line, TITLE_POINTS, "bold")
    )


def label_axes(axes: Axes, x_label: str, y_label: str) -> None:
    """Write what the axes measure, with units."""
    axes.set_xlabel(drawable(x_label, maths=True))
    axes.set_ylabel(drawable(y_label, maths=True))


def legend_label(name: str) -> str:
    """Return the label of what is drawn for ``name``, to be shown by ``draw_legend``.

    Matplotlib leaves out of a legend what has no name, or one that begins with "_".
    """
    label = drawable(name)
    return f" {label}" if not label or label.startswith("_") else label


def draw_legend(axes: Axes) -> None:
    """Draw the legend of everything that has a ``legend_label``."""
    for text in axes.legend().get_texts():
        if text.get_text().startswith(" _"):
            text.set_text(text.get_text()[1:])


def minus(number: str) -> str:
    """Return a written number with a real minus sign, as the axes have it.

    >>> minus(f"{-1.5:.2f}")
    '−1.50'
    """
    return number.replace("-", "−")


def mark(index: int) -> tuple[str, str]:
    """Return the colour and the dash of the ``index``-th series.

    >>> mark(0), mark(9)
    (('#0072B2', '-'), ('#D55E00', '-.'))
    """
    colour = OKABE_ITO[index % len(OKABE_ITO)]
    return colour, DASHES[(index + index // len(OKABE_ITO)) % len(DASHES)]


def numbers(values: Any, subject: str, dimensions: int = 1) -> np.ndarray:
    """Return ``values`` (a list, an array or a tensor) as float64, checked for its dimensions."""
    plain = values.detach().cpu() if hasattr(values, "detach") else values
    array = np.asarray(plain, dtype=np.float64)
    if array.ndim != dimensions or not array.size:
        expected = f"{dimensions} dimension{'s' * (dimensions > 1)} and at least one number"
        raise InputError(subject, expected=expected, got=f"shape {array.shape}")
    return array


def text_columns(text: str) -> int:
    """Return how many Latin characters take as much room; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(
    text: str, room: float | int, measure: Callable[[str], float | int] = text_columns
) -> str:
    """Return ``text`` broken into lines that ``measure`` no more than ``room``, where they can.

    >>> wrapped("one two three", 7)
    'one two\\nthree'
    >>> wrapped("我们学习", 4)
    '我们\\n学习'
    """
    lines = [""]
    # A piece is a word with its space; a formula is one piece; Chinese may break anywhere.
    for piece in PIECE.findall(text):
        if piece == "\n":
            lines.append("")
        elif lines[-1] and measure(lines[-1] + piece.rstrip()) > room:
            lines.append(piece)
        else:
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
