"""A heat map: a matrix as colours, with its numbers where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.errors import ShapeError
from course_lib.plotting.canvas import WIDTH, canvas, label_axes, minus, numbers
from course_lib.plotting.description import describe
from course_lib.plotting.fonts import drawable
from course_lib.plotting.measuring import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROOM_FOR_NUMBERS = 12  # rows and columns
MOST_LABELS = 40
LONGEST = 24  # characters of a label
LABEL_POINTS = 10.5
CELLS = 0.6  # the part of the width that the cells have at least, beside labels and scale
SEQUENTIAL, DIVERGING = "cividis", "PuOr"  # both safe for the colour-blind
MASKED = "#EEEEEE"


def heat_map(
    matrix: Any,
    *,
    title: str,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    x_label: str = "column",
    y_label: str = "row",
    value_label: str = "value",
    mask: Any = None,
    alt: str = "",
) -> Figure:
    """Draw ``matrix`` (row, column) as colours, and return the figure.

    Where ``mask`` is true, or a number is not finite, the cell is grey and hatched: it was not
    there to be seen. Numbers below zero bring a scale of two colours around zero. Up to 12 × 12
    the numbers are written in. Raises ``ShapeError`` for labels or a mask of another size.

    >>> figure = heat_map([[1.0, 0.0], [0.4, 0.6]], rows=["the", "cat"], columns=["the", "cat"],
    ...                   title="A word looks at itself and back", mask=[[0, 1], [0, 0]],
    ...                   x_label="key", y_label="query", value_label="attention")
    """
    values = numbers(matrix, "the matrix", dimensions=2)
    hidden = _hidden(values, mask)
    _check_labels(values, rows, columns)
    with canvas(title, height=_height(values, columns)) as (figure, axes):
        image = _draw_cells(axes, np.ma.array(values, mask=hidden))
        _label_cells(axes, values.shape, rows, columns)
        if max(values.shape) <= ROOM_FOR_NUMBERS:
            _write_numbers(axes, values, hidden, image)
        label_axes(axes, x_label, y_label)
        bar = axes.figure.colorbar(image, ax=axes, shrink=0.9, pad=0.02)
        bar.set_label(drawable(value_label, maths=True))
        bar.outline.set_visible(False)
    return describe(figure, alt or _in_words(title, values, hidden, rows, columns))


def _hidden(values: np.ndarray, mask: Any) -> np.ndarray:
    hidden: np.ndarray = ~np.isfinite(values)
    if mask is None:
        return hidden
    asked: np.ndarray = np.asarray(
        mask.detach().cpu() if hasattr(mask, "detach") else mask, dtype=bool
    )
    if asked.shape != values.shape:
        raise ShapeError("the mask", expected=values.shape, got=asked.shape)
    hidden |= asked
    return hidden


def _check_labels(
    values: np.ndarray, rows: Sequence[str] | None, columns: Sequence[str] | None
) -> None:
    named = (("row labels", rows, 0), ("column labels", columns, 1))
    for subject, labels, axis in named:
        if labels is not None and len(labels) != values.shape[axis]:
            raise ShapeError(subject, expected=values.shape[axis], got=len(labels))


def _height(values: np.ndarray, columns: Sequence[str] | None) -> float:
    # Cells near to square, within what a page holds, and room for column labels that stand.
    count_rows, count_columns = values.shape
    cells = min(0.75 * WIDTH * count_rows / count_columns, 0.5 * count_rows)
    names = _short(columns or [], count_columns)
    angle = _turned(names).get("rotation", 0)
    longest = max((text_width(name, LABEL_POINTS) for name in names), default=0.0) / 72
    return float(np.clip(cells, 1.2, 6.5)) + 1.2 + longest * float(np.sin(np.radians(angle)))


def _draw_cells(axes: Axes, cells: np.ma.MaskedArray[Any, Any]) -> Any:
    seen = cells.compressed()
    lowest, highest = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    limit = max(abs(lowest), abs(highest))
    bounds = (-limit, limit) if lowest < 0 else (min(lowest, 0.0), highest or 1.0)
    colours = DIVERGING if lowest < 0 else SEQUENTIAL
    axes.set_facecolor(MASKED)
    axes.patch.set(hatch="////", edgecolor="#BBBBBB", linewidth=0)
    axes.grid(visible=False)
    return axes.imshow(
        cells, cmap=colours, vmin=bounds[0], vmax=bounds[1], aspect="auto", interpolation="nearest"
    )


def _label_cells(
    axes: Axes,
    shape: tuple[int, ...],
    rows: Sequence[str] | None,
    columns: Sequence[str] | None,
) -> None:
    if rows:
        axes.set_yticks(_some(shape[0]), _short(rows, shape[0]))
    if columns:
        names = _short(columns, shape[1])
        axes.set_xticks(_some(shape[1]), names, **_turned(names))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _short(labels: Sequence[str], count: int) -> list[str]:
    # The labels that are shown, none so long that the cells would have no room.
    shown = [str(labels[index]) for index in _some(count)] if labels else []
    return [drawable(label if len(label) <= LONGEST else f"{label[:LONGEST]}…") for label in shown]


def _turned(names: list[str]) -> dict[str, Any]:
    # Level while they fit side by side, then aslant, and upright when there are very many.
    longest = max((text_width(name, LABEL_POINTS) for name in names), default=0.0) / 72
    if len(names) * (longest + 0.1) <= CELLS * WIDTH:
        return {}
    angle = 45 if len(names) <= 3 * WIDTH else 90
    return {"rotation": angle, "ha": "right", "va": "center", "rotation_mode": "anchor"}


def _some(count: int) -> list[int]:
    return list(range(0, count, -(-count // MOST_LABELS)))


def _write_numbers(axes: Axes, values: np.ndarray, hidden: np.ndarray, image: Any) -> None:
    decimals = _decimals(values[~hidden])
    for (row, column), value in np.ndenumerate(values):
        if hidden[row, column]:
            continue
        red, green, blue, _ = image.cmap(image.norm(value))
        light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        text = minus(f"{value:.{decimals}f}")
        colour = "black" if light else "white"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)


def _decimals(seen: np.ndarray) -> int:
    if np.array_equal(seen, np.round(seen)):
        return 0
    # Two digits at least for the largest, and the same decimals for all, so that columns compare.
    return int(np.clip(2 - np.ceil(np.log10(np.abs(seen).max())), 0, 4)) if seen.any() else 0


def _in_words(
    title: str,
    values: np.ndarray,
    hidden: np.ndarray,
    rows: Sequence[str] | None,
    columns: Sequence[str] | None,
) -> str:
    size = f"{title}. {values.shape[0]} × {values.shape[1]}"
    if hidden.all():
        return f"{size}."
    place_in_all = int(np.argmax(np.where(hidden, -np.inf, values)))
    row, column = divmod(place_in_all, values.shape[1])
    place = f"{rows[row] if rows else row}, {columns[column] if columns else column}"
    return f"{size}; maximum {values[row, column]:.3g}: {place}."
