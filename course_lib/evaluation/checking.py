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


def paired(predictions: Any, targets: Any) -> tuple[Any, Any]:
    """Return predicted and true labels, one a row: arrays, or tensors where both are on one GPU.

    Raises ``ShapeError`` for unequal lengths or more than one axis, ``InputError`` for none, for
    missing values, for fractions (scores are no labels) and for text mixed with numbers.
    """
    if _on_one_accelerator(predictions, targets):
        _check_lengths(predictions, targets)
        _check_whole(predictions)
        _check_whole(targets)
        return _numbered(predictions), _numbered(targets)
    pair = as_array(predictions), as_array(targets)
    _check_lengths(*pair)
    if (pair[0].dtype.kind in "US") != (pair[1].dtype.kind in "US"):
        raise InputError(
            "the labels",
            expected="text in both, or numbers in both",
            got=f"{pair[0].dtype} predictions and {pair[1].dtype} targets",
        )
    return _whole(pair[0], "the predictions"), _whole(pair[1], "the targets")


def scores_and_truth(scores: Any, targets: Any, positive: Any = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return finite scores and whether each example is ``positive``, one a row.

    Raises ``ShapeError`` for unequal lengths, ``InputError`` for none, for NaN, or where all
    examples are of one kind: then there is nothing to tell apart.
    """
    numbers, labels = as_array(scores), as_array(targets)
    _check_lengths(numbers, labels)
    truth: np.ndarray = labels == positive
    if truth.all() or not truth.any():
        kind = "positive" if truth.all() else "negative"
        raise InputError(
            "the targets",
            expected=f"examples with and without {positive!r}",
            got=f"{len(truth)} {kind} ones only",
            remedy="name the positive class by positive=…",
        )
    return finite(numbers, "the scores"), truth


def probabilities_and_classes(probabilities: Any, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (example, class) and the true class of each as an index.

    One column, the probability of class 1, becomes two. Raises ``ShapeError`` for unequal lengths,
    ``InputError`` for NaN, for rows that do not sum to one, and for classes without a column.
    """
    table = finite(as_array(probabilities), "the probabilities").astype(np.float64, copy=False)
    if table.ndim == 1:
        table = np.stack([1.0 - table, table], axis=1)
    labels = _whole(as_array(targets), "the targets")
    if table.ndim != 2 or labels.ndim != 1 or len(table) != len(labels):
        raise ShapeError("the probabilities", expected=f"({len(labels)}, classes)", got=table.shape)
    if not len(table):
        raise InputError("the probabilities", expected="at least one example", got="none")
    if (table < 0).any() or np.abs(table.sum(axis=1) - 1).max() > 1e-3:
        raise InputError(
            "the probabilities",
            expected="rows from 0 to 1 that sum to 1",
            got=f"a row that sums to {table.sum(axis=1)[np.abs(table.sum(1) - 1).argmax()]:.4g}",
            remedy="put logits through a softmax first",
        )
    check_classes(labels, table.shape[1])
    return table, labels


def check_classes(labels: np.ndarray, classes: int) -> None:
    """Raise ``InputError`` unless every label is an index below ``classes``."""
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
        raise InputError(
            "the targets",
            expected=f"class indices from 0 to {classes - 1}",
            got=f"{labels.min()!r} to {labels.max()!r}" if labels.dtype.kind in "iu" else labels[0],
        )


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


def _check_lengths(predictions: Any, targets: Any) -> None:
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


def _whole(labels: np.ndarray, subject: str) -> np.ndarray:
    if labels.dtype.kind == "f":
        finite(labels, subject)
        if not np.array_equal(labels, np.round(labels)) or np.isinf(labels).any():
            remedy = "turn scores into labels by a threshold or argmax(-1)"
            raise InputError(subject, expected="labels", got="fractions", remedy=remedy)
        return labels.astype(np.int64)
    if labels.dtype.kind == "b":
        return labels.view(np.uint8)
    if labels.dtype.kind not in "iuUS":
        raise InputError(subject, expected="numbers or text", got=f"dtype {labels.dtype}")
    return labels


def _on_one_accelerator(predictions: Any, targets: Any) -> bool:
    if not (is_tensor(predictions) and is_tensor(targets)):
        return False
    return bool(predictions.device == targets.device and predictions.device.type != "cpu")


def _numbered(labels: Any) -> Any:
    """Return truth values of a tensor as 0 and 1, which have a smallest and a largest."""
    return labels.detach().byte() if str(labels.dtype) == "torch.bool" else labels.detach()


def _check_whole(labels: Any) -> None:
    if labels.dtype.is_floating_point and bool((labels != labels.round()).any()):
        remedy = "turn scores into labels by a threshold or argmax(-1)"
        raise InputError("the labels", expected="labels", got="fractions or NaN", remedy=remedy)
