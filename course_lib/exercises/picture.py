"""Pictures on a card: an image as an image, beside how far it is from the right one."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import numpy as np

LEAST_SIDE, SHOWN_SIDE = 4, 160
"""The smallest side of an array that is an image, and the side in pixels at which it is shown."""


def is_picture(value: Any) -> bool:
    """Return whether a value can be shown as an image: (height, width) or (height, width, 3).

    >>> is_picture(np.zeros((8, 8))), is_picture(np.zeros((8, 8, 3))), is_picture(np.zeros(8))
    (True, True, False)
    """
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "buif" or value.ndim < 2:
        return False
    channels = value.shape[2:] in ((), (3,))
    return channels and min(value.shape[:2]) >= LEAST_SIDE


def as_image(value: np.ndarray, name: str) -> str:
    """Return an ``<img>`` of an array, dark at its smallest and light at its largest number."""
    low, high = _range(value)
    words = f"{name}: {value.shape[0]} × {value.shape[1]}, from {low:.3g} to {high:.3g}"
    scaled = np.nan_to_num((value.astype(float) - low) / ((high - low) or 1.0))
    return _img((scaled.clip(0, 1) * 255).astype(np.uint8), words)


def as_gap(got: np.ndarray, expected: np.ndarray) -> str:
    """Return an ``<img>`` of where two images of one shape differ: the lighter, the more."""
    gap = np.abs(np.nan_to_num(got.astype(float)) - np.nan_to_num(expected.astype(float)))
    gap = gap if gap.ndim == 2 else gap.max(axis=2)
    most = float(gap.max())
    words = f"difference: at most {most:.3g}, in {(gap > 0).mean():.0%} of the pixels"
    return _img((gap / (most or 1.0) * 255).astype(np.uint8), words)


def _range(value: np.ndarray) -> tuple[float, float]:
    finite = value[np.isfinite(value)] if value.dtype.kind == "f" else value
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _img(pixels: np.ndarray, words: str) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    height = max(SHOWN_SIDE * pixels.shape[0] // max(pixels.shape[:2]), 1)
    words = html.escape(words)
    return (
        f'<figure style="margin:0.2em 0"><img src="data:image/png;base64,{data}" alt="{words}" '
        f'style="height:{height}px;image-rendering:pixelated"><figcaption>{words}</figcaption>'
        "</figure>"
    )
