"""Fashion-MNIST: pictures of clothes in the format of the handwritten digits that it replaces.

Source: Xiao, Rasul and Vollgraf, *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
Learning Algorithms*, 2017, https://arxiv.org/abs/1708.07747 (MIT).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from course_lib.data.archives import gunzip
from course_lib.data.catalogue import downloaded_file
from course_lib.data.digits import Images
from course_lib.errors import DataError, InputError

NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_PREFIXES = {"train": "train", "test": "t10k"}
_LARGEST = 2**26  # bytes, unpacked: 60,000 pictures take 47 million


def fashion_mnist(split: str) -> Images:
    """Return the 60,000 ("train") or 10,000 ("test") pictures, 28 × 28 points from 0 to 1.

    Raises InputError for another split, DataError with the command to run when the set
    ``fashion_mnist`` is not here.
    """
    if split not in _PREFIXES:
        raise InputError("split", expected=f"one of {', '.join(_PREFIXES)}", got=split)
    images, labels = (
        read_idx(downloaded_file("fashion_mnist", f"{_PREFIXES[split]}-{kind}-ubyte.gz"))
        for kind in ("images-idx3", "labels-idx1")
    )
    if images.ndim != 3 or labels.shape != images.shape[:1] or labels.max(initial=0) >= len(NAMES):
        expected = "pictures, and a label from 0 to 9 for each"
        got = f"shapes {images.shape} and {labels.shape}"
        raise DataError("Fashion-MNIST", expected=expected, got=got)
    return Images(images.astype(np.float32) / 255, labels.astype(np.int64), NAMES)


def read_idx(path: Path) -> UInt8[np.ndarray, ...]:
    """Return the array of bytes in a packed IDX file.

    The file begins with 0, 0, 8 (bytes) and the number of axes, then each axis's length as four
    bytes, the largest first; the values follow. Raises DataError when it does not.
    """
    data = gunzip(path, _LARGEST)
    axes = data[3] if data[:3] == b"\x00\x00\x08" and len(data) > 3 else 0
    start = 4 + 4 * axes
    if not 1 <= axes <= 4 or len(data) < start:
        raise DataError(f"{path}", expected="an IDX file of bytes", got=data[:4].hex(" "))
    shape = tuple(int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4))
    if len(data) - start != math.prod(shape):
        expected = f"{math.prod(shape)} values for the shape {shape}"
        raise DataError(f"{path}", expected=expected, got=len(data) - start)
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
