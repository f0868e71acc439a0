"""Class labels as one reads them: text or whole numbers, none missing, and comparable.

Two labels are the same class when they are equal, so nothing may be changed on the way to the
comparison: NumPy turns 1 into "1" beside text, and large integers into floats, which merges them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, check_lengths, is_tensor

NUMBERS: tuple[type, ...] = (int, float, np.number, np.bool_)
INTEGERS_OF_64_BITS = np.iinfo(np.int64).max

DROP = "drop examples without a label first"


def class_labels(values: Any, subject: str) -> np.ndarray:
    """Return labels on one axis, as an array of text, bytes or integers.

    A column of pandas (objects) is read for what it holds. Raises ``ShapeError`` for more axes,
    ``InputError`` for missing values, fractions (scores are no labels) and text among numbers.

    >>> class_labels(np.array(["ham", "spam"], dtype=object), "the targets").dtype.kind
    'U'
    """
    labels = values if is_tensor(values) else as_array(values)
    if labels.ndim != 1:
        raise ShapeError(
            subject,
            expected="one axis, an entry for each example",
            got=tuple(labels.shape),
            remedy="take argmax(-1) of class scores, flatten tokens or pixels",
        )
    if is_tensor(labels):
        return as_array(_whole_tensor(labels))
    if labels.dtype.kind in "OT":
        labels = _read(labels.tolist(), subject)
    elif labels.dtype.kind == "U" and isinstance(values, list | tuple):
        _refuse_numbers(values, subject)
    return _whole(labels, subject)


def comparable(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both labels in types that NumPy compares exactly, or raise ``InputError``."""
    kinds = _kind(first), _kind(second)
    if kinds[0] != kinds[1]:
        raise InputError(
            "the labels",
            expected="text in both, or numbers in both",
            got=" and ".join(kinds),
            remedy="decode bytes by np.char.decode(labels)" if "bytes" in kinds else "",
        )
    if np.uint64 not in (first.dtype, second.dtype) or first.dtype == second.dtype:
        return first, second
    if all(not len(one) or one.max() <= INTEGERS_OF_64_BITS for one in (first, second)):
        return first.astype(np.int64), second.astype(np.int64)
    if any(len(one) and one.min() < 0 for one in (first, second)):
        raise InputError(
            "the labels", expected="integers of 64 bits", got="below 0, and 2⁶³ or more"
        )
    return first.astype(np.uint64), second.astype(np.uint64)


def paired(predictions: Any, targets: Any) -> tuple[Any, Any]:
    """Return predicted and true labels, one a row: arrays, or tensors where both are on one GPU.

    Raises ``ShapeError`` for unequal lengths, and otherwise as ``class_labels``.
    """
    if _on_one_accelerator(predictions, targets):
        check_lengths(predictions, targets)
        return _whole_tensor(predictions), _whole_tensor(targets)
    pair = class_labels(predictions, "the predictions"), class_labels(targets, "the targets")
    check_lengths(*pair)
    return comparable(*pair)


def check_classes(labels: np.ndarray, classes: int) -> None:
    """Raise ``InputError`` unless every label is an index below ``classes``."""
    if not len(labels):
        raise InputError("the targets", expected="at least one example", got="none")
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
        raise InputError(
            "the targets",
            expected=f"class indices from 0 to {classes - 1}",
            got=f"{labels.min()!r} to {labels.max()!r}" if labels.dtype.kind in "iu" else labels[0],
        )


def _read(items: list[Any], subject: str) -> np.ndarray:
    """Return what objects hold, where it is all text, all bytes or all numbers."""
    for kind in (str, bytes, NUMBERS):
        if all(isinstance(item, kind) for item in items):
            labels = np.asarray(items)
            if labels.dtype.kind != "O":
                return labels
            raise InputError(subject, expected="integers of 64 bits", got=repr(max(items, key=abs)))
    kind = str if isinstance(items[0], str) else NUMBERS
    odd = next(item for item in items if not isinstance(item, kind))
    raise InputError(
        subject,
        expected="all text or all numbers, none missing",
        got=repr(odd),
        remedy=DROP,
    )


def _refuse_numbers(values: Any, subject: str) -> None:
    """Raise where a list of text holds something else, which NumPy has turned into text."""
    for value in values:
        if isinstance(value, (bytes, *NUMBERS)):
            raise InputError(subject, expected="all text or all numbers", got=f"{value!r} and text")


def _kind(labels: np.ndarray) -> str:
    return {"U": "text", "S": "bytes"}.get(labels.dtype.kind, "numbers")


def _whole(labels: np.ndarray, subject: str) -> np.ndarray:
    if labels.dtype.kind == "f":
        _check_whole(labels, 2 / float(np.finfo(labels.dtype).eps), subject)
        return labels.astype(np.int64)
    if labels.dtype.kind == "b":
        return labels.view(np.uint8)
    if labels.dtype.kind not in "iuUS":
        raise InputError(subject, expected="numbers or text", got=f"dtype {labels.dtype}")
    return labels


def _whole_tensor(labels: Any) -> Any:
    """Return whole numbers where they are; truth values as 0 and 1, which have a largest."""
    if labels.dtype.is_floating_point:
        import torch

        _check_whole(labels, 2 / torch.finfo(labels.dtype).eps, "the labels")
        return labels.detach().long()
    return labels.detach().byte() if str(labels.dtype) == "torch.bool" else labels.detach()


def _check_whole(labels: Any, exact: float, subject: str) -> None:
    """Raise unless all are whole and up to ``exact``, above which a float merges neighbours."""
    if bool((labels != labels).any()):
        raise InputError(subject, expected="labels, none missing", got="NaN", remedy=DROP)
    if bool((labels != labels.round()).any()) or bool((abs(labels) == np.inf).any()):
        remedy = "turn scores into labels by a threshold or argmax(-1)"
        raise InputError(subject, expected="labels", got="fractions", remedy=remedy)
    if bool((abs(labels) > min(exact, 2.0**53)).any()):
        raise InputError(
            subject,
            expected=f"at most {min(exact, 2.0**53):.0f}, up to which {labels.dtype} is exact",
            got=f"{float(abs(labels).max()):g}",
            remedy="give the labels as integers",
        )


def _on_one_accelerator(predictions: Any, targets: Any) -> bool:
    if not (is_tensor(predictions) and is_tensor(targets)):
        return False
    return bool(predictions.device == targets.device and predictions.device.type != "cpu")
