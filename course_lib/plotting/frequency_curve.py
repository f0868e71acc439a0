"""Zipf's curve: how often a word occurs, against its rank by frequency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.errors import InputError
from course_lib.plotting.canvas import GREY, canvas, legend_label, mark, minus, numbers
from course_lib.plotting.description import describe
from course_lib.plotting.lines import finish_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIRST, LAST = 10, 1000  # the straight part: the head bends, the tail is steps of one
POINTS = 400  # drawn for each language, evenly on the logarithmic axis


def frequency_curve(
    counts: Mapping[str, Any],
    *,
    title: str,
    first_rank: int = FIRST,
    last_rank: int = LAST,
    x_label: str = "rank of the word (1 = most frequent)",
    y_label: str = "occurrences",
    fit_label: str = "fitted power law (slope)",
    alt: str = "",
) -> Figure:
    """Draw the counts of each language in falling order, with the fitted power law, log by log.

    ``counts`` holds the occurrences of each word, in any order; zeros are left out. The legend
    gives the slope of the line fitted from ``first_rank`` to ``last_rank``.

    >>> figure = frequency_curve({"English": [1000 // rank for rank in range(1, 101)]},
    ...                          title="Twice the rank, half the occurrences")
    """
    if not counts:
        raise InputError("the counts", expected="at least one language", got="none")
    slopes = {}
    with canvas(title, height=4.4) as (figure, axes):
        for index, (name, values) in enumerate(counts.items()):
            slope, constant = fit_power_law(values, first_rank, last_rank)
            slopes[name] = f"{name} ({minus(f'{slope:.2f}')})"
            falling = _falling(values)
            _draw_language(axes, index, slopes[name], falling)
            ranks = np.array([first_rank, min(last_rank, len(falling))])
            axes.plot(ranks, constant * ranks**slope, color="black", linewidth=1, zorder=3)
        axes.plot([], [], color="black", linewidth=1, label=legend_label(fit_label))
        finish_lines(axes, x_label, y_label, log_x=True, log_y=True, legend=True)
    return describe(figure, alt or f"{title}. {y_label} / {x_label}. {'; '.join(slopes.values())}.")


def fit_power_law(
    counts: Any, first_rank: int = FIRST, last_rank: int = LAST
) -> tuple[float, float]:
    """Return slope s and constant c of ``count ≈ c · rank^s`` between two ranks, both included.

    Least squares on the logarithms. Zipf's law is s near −1. Raises ``InputError`` when fewer
    than two words lie between the ranks.

    >>> slope, constant = fit_power_law([6000 / rank for rank in range(1, 101)])
    >>> round(slope, 6), round(constant, 3)
    (-1.0, 6000.0)
    """
    falling = _falling(counts)[first_rank - 1 : last_rank]
    if first_rank < 1 or len(falling) < 2:
        expected = "at least two words between the first and the last rank"
        raise InputError("the counts", expected=expected, got=len(falling))
    ranks = np.arange(first_rank, first_rank + len(falling))
    slope, intercept = np.polyfit(np.log(ranks), np.log(falling), 1)
    return float(slope), float(np.exp(intercept))


def _falling(counts: Any) -> np.ndarray:
    values = numbers(counts, "the counts")
    return np.sort(values[values > 0])[::-1]


def _draw_language(axes: Axes, index: int, label: str, falling: np.ndarray) -> None:
    colour, _ = mark(index)
    ranks = np.unique(np.geomspace(1, len(falling), POINTS).round().astype(int))
    marker = "os^Dv*"[index % 6]
    axes.plot(
        ranks,
        falling[ranks - 1],
        marker,
        color=colour,
        markersize=3.5,
        label=legend_label(label),
        markeredgecolor=GREY,
        markeredgewidth=0.2,
    )
