"""Handwritten digits of 8 × 8 points: small enough to print, real enough to fool a classifier.

Source: Alpaydin and Kaynak, *Optical Recognition of Handwritten Digits*, 1998,
https://archive.ics.uci.edu/dataset/80 (CC BY 4.0); the file comes with scikit-learn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int64


class Images(NamedTuple):
    """Grey images from 0 (black) to 1 (white), a label for each, and the names of the labels."""

    images: Float32[np.ndarray, "image height width"]
    labels: Int64[np.ndarray, " image"]
    names: tuple[str, ...]


def digits() -> Images:
    """Return the 1,797 digits, 8 × 8 points each, bright strokes on black.

    >>> images, labels, names = digits()
    >>> images.shape, float(images.min()), float(images.max()), names[labels[0]]
    ((1797, 8, 8), 0.0, 1.0, '0')
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = (bunch.images / 16).astype(np.float32)  # the file counts 0 to 16 inked points
    return Images(images, bunch.target.astype(np.int64), tuple("0123456789"))
