"""Training curves: the loss of several runs, as measured and smoothed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError
from course_lib.plotting.canvas import canvas, legend_label, mark
from course_lib.plotting.description import describe
from course_lib.plotting.lines import checked_series, finish_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def training_curves(
    runs: Mapping[str, tuple[Any, Any]],
    *,
    title: str,
    x_label: str = "step",
    y_label: str = "loss (nats per token)",
    smoothing: float | int = 0.9,
    log_x: bool = False,
    log_y: bool = False,
    alt: str = "",
) -> Figure:
    """Draw each ``name: (steps or tokens, losses)`` of ``runs``, faint as measured, bold smoothed.

    ``smoothing`` is the weight of the past (see ``smoothed``); 0 draws the measured line alone.
    Losses that are not finite leave no point, and the legend counts them. Raises ``ShapeError``
    where the two differ in length.

    >>> steps = [0, 100, 200, 300]
    >>> figure = training_curves({"GPT, width 64": (steps, [5.5, 4.1, 3.6, 3.4])},
    ...                          title="The loss falls fast, then slowly")
    """
    pairs = checked_series(runs)
    with canvas(title) as (figure, axes):
        for index, (name, (x, y)) in enumerate(pairs.items()):
            _draw_run(axes, index, name, x, y, smoothing)
        finish_lines(axes, x_label, y_label, log_x, log_y, legend=True)
    return describe(figure, alt or _in_words(title, x_label, y_label, pairs))


def smoothed(values: Float[np.ndarray, " step"], weight: float | int) -> Float[np.ndarray, " step"]:
    """Return the exponential moving average of ``values``, each divided by its summed weights.

    With the division (Kingma & Ba, 2015, https://arxiv.org/abs/1412.6980, section 3) the curve
    starts at the first value instead of near zero. Raises ``InputError`` for a weight outside
    [0, 1).

    >>> smoothed(np.array([4.0, 1.0]), 0.5)  # (0.25 · 4 + 0.5 · 1) / 0.75
    array([4., 2.])
    """
    if not 0 <= weight < 1:
        raise InputError("the smoothing", expected="from 0 to below 1", got=weight)
    average, result = 0.0, np.empty(len(values))
    for index, value in enumerate(values):
        average = weight * average + (1 - weight) * value
        result[index] = average / (1 - weight ** (index + 1))
    return result


def _draw_run(
    axes: Axes, index: int, name: str, x: np.ndarray, y: np.ndarray, smoothing: float | int
) -> None:
    colour, dash = mark(index)
    finite = np.isfinite(y)
    lost = len(y) - int(finite.sum())
    label = legend_label(f"{name} ({lost} × NaN, ∞)" if lost else name)
    curve = smoothed(y[finite], smoothing)
    if smoothing:
        axes.plot(x[finite], y[finite], color=colour, alpha=0.25, linewidth=1)
    axes.plot(x[finite], curve, dash, color=colour, linewidth=2, label=label)


def _in_words(
    title: str, x_label: str, y_label: str, pairs: dict[str, tuple[np.ndarray, np.ndarray]]
) -> str:
    ends = []
    for name, (x, y) in pairs.items():
        seen = np.flatnonzero(np.isfinite(y))
        first, last = (seen[0], seen[-1]) if len(seen) else (0, -1)
        ends.append(f"{name}: {y[first]:.3g} to {y[last]:.3g} at {x[last]:,.0f}")
    return f"{title}. {y_label} / {x_label}. {'; '.join(ends)}."
