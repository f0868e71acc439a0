"""How wide a text will be once it is drawn."""

from __future__ import annotations

from typing import Any

from course_lib.plotting.fonts import families

PRINTED = 200  # dots an inch: the sharpness at which figures are shown


def text_width(text: str, size: float | int, weight: str = "normal") -> float:
    """Return the width in points of one line of ``text`` at ``size`` points.

    >>> text_width("wide", 12) > text_width("thin", 12) > text_width("", 12) == 0
    True
    """
    from matplotlib.backends import backend_agg
    from matplotlib.font_manager import FontProperties

    if not text:
        return 0.0
    agg: Any = backend_agg
    renderer = agg.RendererAgg(16, 16, PRINTED)
    properties = FontProperties(family=families(), size=size, weight=weight)
    dots = renderer.get_text_width_height_descent(text, properties, False)[0]
    return float(dots) * 72 / PRINTED
