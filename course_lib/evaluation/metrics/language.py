"""How well a language model foretells text: perplexity, bits a byte, and the exact answer.

Perplexity is exp of the mean loss of a *token*: a vocabulary with longer tokens raises it although
the model is as good. Bits per byte divides the same total by the bytes of the text, which no
tokeniser can change: only these compare across tokenisers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite


def perplexity(losses: Any, mask: Any = None) -> float:
    """Return exp of the mean loss (nats) of the tokens where ``mask`` is true, all without one.

    Raises ``ShapeError`` for a mask of another shape, ``InputError`` for NaN or no tokens.

    >>> round(perplexity([np.log(2.0), np.log(8.0), 99.0], mask=[1, 1, 0]), 6)
    4.0
    """
    return float(np.exp(_counted(losses, mask).mean()))


def bits_per_byte(losses: Any, texts: Sequence[str], mask: Any = None) -> float:
    """Return the total loss (nats) in bits, over the UTF-8 bytes of the texts that it foretells.

    >>> bits_per_byte([np.log(2.0), np.log(2.0)], ["ab"]), bits_per_byte([np.log(8.0)], ["学"])
    (1.0, 1.0)
    """
    count = sum(len(text.encode()) for text in texts)
    if not count:
        raise InputError("the texts", expected="at least one byte", got="none")
    return float(_counted(losses, mask).sum() / np.log(2.0) / count)


def exact_match(
    predictions: Sequence[str],
    targets: Sequence[str],
    normalise: Callable[[str], str] = str.strip,
) -> float:
    """Return how often the answer is the wanted text, after ``normalise``; raises ``ShapeError``.

    >>> exact_match(["Paris ", "blue"], ["Paris", "red"])
    0.5
    """
    check_texts(predictions, targets)
    pairs = zip(predictions, targets, strict=True)
    return float(np.mean([normalise(one) == normalise(other) for one, other in pairs]))


def check_texts(predictions: Sequence[Any], references: Sequence[Any]) -> None:
    """Raise unless there are as many predictions as references, and some, and none a bare text."""
    for subject, texts in (("the predictions", predictions), ("the references", references)):
        if isinstance(texts, str):
            raise InputError(
                subject, expected="a list of texts", got="one text", remedy="put it into a list"
            )
    if len(predictions) != len(references):
        raise ShapeError("the predictions", expected=len(references), got=len(predictions))
    if not len(references):
        raise InputError("the predictions", expected="at least one", got="none")


def _counted(losses: Any, mask: Any) -> np.ndarray:
    values = as_array(losses).astype(np.float64)
    if mask is not None:
        kept = as_array(mask).astype(bool)
        if kept.shape != values.shape:
            raise ShapeError("the mask", expected=values.shape, got=kept.shape)
        values = values[kept]
    if not values.size:
        raise InputError("the losses", expected="at least one token that counts", got="none")
    return finite(values, "the losses")
