"""Boxes and regions: how much they overlap, and what a detector reached.

A box is (left, top, right, bottom), in any one unit, with left ≤ right and top ≤ bottom. Two boxes
are alike by their **intersection over union**, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite


class Detections(NamedTuple):
    """What a detector says of one image: boxes (box, 4) and how sure it is of each (box,)."""

    boxes: Any
    scores: Any


def box_iou(first: Any, second: Any) -> Float[np.ndarray, "first second"]:
    """Return the intersection over union of every box of one list with every box of another.

    Raises ``ShapeError`` for rows that are not four numbers, ``InputError`` for NaN and for boxes
    whose corners are swapped. Two empty boxes overlap by 0.

    >>> box_iou([[0, 0, 2, 2]], [[1, 1, 3, 3], [0, 0, 2, 2], [5, 5, 6, 6]]).round(3).tolist()
    [[0.143, 1.0, 0.0]]
    """
    one, other = _boxes(first), _boxes(second)
    left_top = np.maximum(one[:, None, :2], other[None, :, :2])
    right_bottom = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = (right_bottom - left_top).clip(min=0).prod(axis=2)
    union = _areas(one)[:, None] + _areas(other)[None, :] - shared
    return np.where(union > 0, shared / np.where(union > 0, union, 1.0), 0.0)


def mask_iou(predictions: Any, targets: Any) -> float:
    """Return the pixels in both masks over the pixels in either; 1 where both are empty.

    >>> mask_iou([[1, 1], [0, 0]], [[1, 0], [1, 0]])
    0.3333333333333333
    """
    one, other = as_array(predictions).astype(bool), as_array(targets).astype(bool)
    if one.shape != other.shape:
        raise ShapeError("the masks", expected=other.shape, got=one.shape)
    union = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / union) if union else 1.0


def detection_average_precision(
    detections: Sequence[Detections], targets: Sequence[Any], overlap: float = 0.5
) -> float:
    """Return the area under the detector's precision-recall curve, for one class, over all images.

    From the surest detection down, one hits if a box of its image that no surer one took overlaps
    it by ``overlap`` at least; a second detection of the same box is a false alarm. Precision at a
    recall is the best at that recall or beyond (Everingham and others, *The PASCAL visual object
    classes challenge: a retrospective*, 2015). ``targets`` holds boxes (box, 4) for each image.

    >>> there = [[[0, 0, 2, 2], [4, 4, 6, 6]]]
    >>> detection_average_precision([Detections([[0, 0, 2, 2], [0, 0, 2, 2]], [0.9, 0.8])], there)
    0.5
    """
    if len(detections) != len(targets):
        raise ShapeError("the images", expected=len(targets), got=len(detections))
    if not 0 < overlap <= 1:
        raise InputError("the overlap", expected="above 0, up to 1", got=overlap)
    truth = [_boxes(boxes) for boxes in targets]
    count = sum(map(len, truth))
    if not count:
        raise InputError("the targets", expected="at least one box", got="none")
    pairs = [_hits(found, boxes, overlap) for found, boxes in zip(detections, truth, strict=True)]
    scores = np.concatenate([pair[0] for pair in pairs])
    hit = np.concatenate([pair[1] for pair in pairs])[np.argsort(-scores, kind="stable")]
    hits = np.cumsum(hit)
    precision = hits / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float((best * hit).sum() / count)


def _hits(found: Detections, boxes: np.ndarray, overlap: float) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and whether each detection of one image hits."""
    scores = finite(as_array(found.scores), "the scores").astype(float)
    overlaps = box_iou(found.boxes, boxes)
    if len(scores) != len(overlaps):
        raise ShapeError(
            "the scores", expected=f"one for each of {len(overlaps)} boxes", got=len(scores)
        )
    hit = np.zeros(len(scores), bool)
    free = np.ones(len(boxes), bool)
    for place in np.argsort(-scores, kind="stable"):
        candidates = np.where(free, overlaps[place], -1.0)
        if len(boxes) and candidates.max() >= overlap:
            free[candidates.argmax()] = False
            hit[place] = True
    return scores, hit


def _boxes(boxes: Any) -> np.ndarray:
    rows = as_array(boxes)
    rows = rows.astype(float) if rows.size else np.zeros((0, 4))
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise ShapeError("the boxes", expected="(box, 4): left, top, right, bottom", got=rows.shape)
    finite(rows, "the boxes")
    if (rows[:, 2:] < rows[:, :2]).any():
        raise InputError(
            "a box",
            expected="left ≤ right and top ≤ bottom",
            got=rows[(rows[:, 2:] < rows[:, :2]).any(axis=1)][0].tolist(),
            remedy="a box of left, top, width and height needs its corner first",
        )
    return rows


def _areas(boxes: np.ndarray) -> np.ndarray:
    areas: np.ndarray = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return areas
