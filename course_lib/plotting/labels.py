"""Put a name beside each point so that no two names cover each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.plotting.canvas import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT_POINTS = 9.5
POINT_RADIUS = 4.0  # pixels that a mark takes on each side
# Where a name may begin, seen from its point: right, left, above, below, then the corners.
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (6.0, 12.0, 22.0)  # pixels; beyond the first, a line leads to the name
Box = tuple[float, float, float, float]  # left, bottom, right, top, in pixels


def place_labels(figure: Figure, axes: Axes, places: np.ndarray, names: Sequence[str]) -> list[str]:
    """Write each name at the first free place round its point; return the names written.

    ``places`` (item, 2) are in the axes' data. A name that finds no free place is left out.
    """
    figure.draw_without_rendering()  # settles where a point lies on the page
    points = axes.transData.transform(places)
    corners = axes.get_window_extent()
    page = _box(corners)
    taken = [_round_point(x, y) for x, y in points.tolist()]
    legend = axes.get_legend()
    if legend is not None:
        taken.append(_box(legend.get_window_extent()))
    written = []
    for index, (point, name) in enumerate(zip(points.tolist(), names, strict=True)):
        others = taken[:index] + taken[index + 1 :]
        for box in _candidates(point, *_size(axes, name)):
            if _inside(box, page) and not any(_overlap(box, other) for other in others):
                _write(axes, name, box, point)
                taken.append(box)
                written.append(name)
                break
    return written


def _round_point(x: float, y: float) -> Box:
    return (x - POINT_RADIUS, y - POINT_RADIUS, x + POINT_RADIUS, y + POINT_RADIUS)


def _box(extent: Any) -> Box:
    return (float(extent.x0), float(extent.y0), float(extent.x1), float(extent.y1))


def _candidates(point: Sequence[float], width: float, height: float) -> Iterator[Box]:
    for distance in DISTANCES:
        for right, up in DIRECTIONS:
            x = point[0] + right * (distance + width / 2)
            y = point[1] + up * (distance + height / 2)
            yield (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _size(axes: Axes, name: str) -> tuple[float, float]:
    trial = axes.text(0, 0, name, fontsize=FONT_POINTS)
    extent = trial.get_window_extent()
    trial.remove()
    return float(extent.width), float(extent.height)


def _inside(box: Box, page: Box) -> bool:
    return box[0] >= page[0] and box[1] >= page[1] and box[2] <= page[2] and box[3] <= page[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write(axes: Axes, name: str, box: Box, point: Sequence[float]) -> None:
    to_data = axes.transData.inverted().transform
    nearest = [
        min(max(point[0], box[0]), box[2]),
        min(max(point[1], box[1] + 3), box[3] - 3),
    ]
    if np.hypot(nearest[0] - point[0], nearest[1] - point[1]) > 1.6 * DISTANCES[0]:
        (x, y), (end_x, end_y) = to_data([point, nearest])
        axes.plot([x, end_x], [y, end_y], color=GREY, linewidth=0.7, zorder=1)
    x, y = to_data(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    text = axes.text(x, y, name, fontsize=FONT_POINTS, ha="center", va="center", zorder=3)
    text.set_in_layout(False)
