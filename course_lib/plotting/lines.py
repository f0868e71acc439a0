"""Lines: one quantity against another, for several series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.plotting.canvas import (
    canvas,
    draw_legend,
    label_axes,
    legend_label,
    mark,
    numbers,
)
from course_lib.plotting.description import describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGE = 10_000  # from here on numbers on the axis are shortened
TICKS = 12  # of the sizes tried, at most
FEW = 30  # up to so many points, each is marked


def lines(
    series: Mapping[str, tuple[Any, Any]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    log_x: bool = False,
    log_y: bool = False,
    alt: str = "",
) -> Figure:
    """Draw each ``name: (x, y)`` of ``series`` as a line, and return the figure.

    Raises ``ShapeError`` where x and y differ in length, ``InputError`` where there is nothing.

    >>> sizes, rates = [256, 1024, 4096], [3.0, 3.9, 4.6]
    >>> figure = lines({"English": (sizes, rates)}, title="Larger vocabularies shorten texts",
    ...                x_label="vocabulary (tokens)", y_label="bytes per token", log_x=True)
    """
    pairs = checked_series(series)
    with canvas(title) as (figure, axes):
        for index, (name, (x, y)) in enumerate(pairs.items()):
            colour, dash = mark(index)
            dots = "o" if len(x) <= FEW else None
            axes.plot(x, y, dash, color=colour, marker=dots, markersize=4, label=legend_label(name))
        finish_lines(axes, x_label, y_label, log_x, log_y, legend=len(pairs) > 1)
    ends = [f"{name}: {y[0]:.3g} to {y[-1]:.3g}" for name, (_, y) in pairs.items()]
    return describe(figure, alt or f"{title}. {y_label} / {x_label}. {'; '.join(ends)}.")


def checked_series(
    series: Mapping[str, tuple[Any, Any]],
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the series as arrays of equal lengths."""
    if not series:
        raise InputError("the series", expected="at least one", got="none")
    pairs = {
        name: (numbers(x, f"x of {name}"), numbers(y, f"y of {name}"))
        for name, (x, y) in series.items()
    }
    for name, (x, y) in pairs.items():
        if len(x) != len(y):
            raise ShapeError(f"the series {name}", expected=f"{len(x)} values of y", got=len(y))
    return pairs


def finish_lines(
    axes: Axes, x_label: str, y_label: str, log_x: bool, log_y: bool, legend: bool
) -> None:
    """Set scales, labels, grid and legend, the same in every figure with lines."""
    if log_x:
        axes.set_xscale("log")
    if log_y:
        axes.set_yscale("log")
    _plain_ticks(axes, log_x)
    axes.grid(visible=True)
    label_axes(axes, x_label, y_label)
    if legend:
        draw_legend(axes)


def shorten_large_numbers(axes: Axes) -> None:
    """Write millions on the horizontal axis as 2M, not as a 2 with 1e6 in the corner."""
    from matplotlib.ticker import EngFormatter

    if np.abs(axes.get_xlim()).max() >= LARGE:
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def _plain_ticks(axes: Axes, log_x: bool) -> None:
    # Sizes that were tried stand on the axis themselves.
    drawn = np.unique(np.concatenate([line.get_xdata() for line in axes.get_lines()]))
    tried = drawn[drawn > 0] if log_x else drawn
    if log_x and 2 <= len(tried) <= TICKS and _apart(np.log(tried)):
        axes.set_xticks(tried, [f"{value:,.6g}" for value in tried], minor=False)
        axes.set_xticks([], minor=True)
    elif not log_x:
        shorten_large_numbers(axes)


def _apart(places: np.ndarray) -> bool:
    return bool(np.diff(places).min() >= (places[-1] - places[0]) / TICKS)
