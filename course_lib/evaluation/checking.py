"""What every metric asks of its input, and the sentence for whoever gives it something else."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError


def is_tensor(values: Any) -> bool:
    """Whether ``values`` is a torch tensor, without importing torch."""
    return any(kind.__module__.partition(".")[0] == "torch" for kind in type(values).__mro__)


def as_array(values: Any) -> np.ndarray:
    """Return a list, array or tensor of any device as an array; a tensor on the CPU is not copied.

    >>> as_array([1, 2]).tolist()
    [1, 2]
    """
    if is_tensor(values):
        values = values.detach().cpu()
        return np.asarray(values.float() if "bfloat16" in str(values.dtype) else values)
    return np.asarray(values)


def one_axis(values: Any, subject: str) -> np.ndarray:
    """Return one value for each example, none missing; raises ``ShapeError``, ``InputError``."""
    array = as_array(values)
    if array.ndim != 1:
        raise ShapeError(subject, expected="one for each example", got=array.shape)
    if not len(array):
        raise InputError(subject, expected="at least one example", got="none")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise InputError(subject, expected="no NaN", got=f"{int(np.isnan(array).sum())}")
    return array


def finite(numbers: np.ndarray, subject: str) -> np.ndarray:
    """Return the numbers, or raise ``InputError`` where one is missing."""
    if numbers.dtype.kind not in "fiub":
        raise InputError(subject, expected="numbers", got=f"dtype {numbers.dtype}")
    if numbers.dtype.kind == "f" and np.isnan(numbers).any():
        raise InputError(
            subject,
            expected="numbers",
            got=f"NaN in {int(np.isnan(numbers).sum())} of {numbers.size} places",
            remedy="a model that diverged, or a 0 / 0 before this call",
        )
    return numbers


def check_lengths(predictions: Any, targets: Any) -> None:
    """Raise unless both have one axis, the same length, and at least one entry."""
    if predictions.ndim != 1 or targets.ndim != 1:
        raise ShapeError(
            "the labels",
            expected="one axis, an entry for each example",
            got=f"{tuple(predictions.shape)} and {tuple(targets.shape)}",
            remedy="take argmax(-1) of class scores, flatten tokens or pixels",
        )
    if len(predictions) != len(targets):
        raise ShapeError(
            "the labels",
            expected=f"as many predictions as targets, {len(targets)}",
            got=len(predictions),
        )
    if not len(targets):
        remedy = "a filter before this call may have removed them all"
        raise InputError("the labels", expected="at least one example", got="none", remedy=remedy)
