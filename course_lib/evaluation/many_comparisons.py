"""Many comparisons: of twenty models that differ by luck alone, one looks better at p < 0.05.

Both corrections return *adjusted* p-values: compare them with the level as if there were only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError


def holm(p_values: Sequence[float] | Any) -> Float[np.ndarray, " comparison"]:
    """Return p-values adjusted so that *any* false alarm is as rare as the level says.

    The smallest is multiplied by m, the next by m − 1, …; none may be below a smaller one's.
    From: Holm, *A simple sequentially rejective multiple test procedure*, 1979. Raises
    ``InputError`` for values that are no probabilities.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values, order = _ordered(p_values)
    stepped = values[order] * np.arange(len(values), 0, -1)
    return _placed(np.maximum.accumulate(stepped), order)


def benjamini_hochberg(p_values: Sequence[float] | Any) -> Float[np.ndarray, " comparison"]:
    """Return p-values adjusted so that the level bounds the *share* of false alarms.

    The k-th smallest is multiplied by m / k; none may be above a larger one's. It finds more than
    Holm's and promises less. From: Benjamini and Hochberg, *Controlling the false discovery rate*,
    1995. Raises as ``holm``.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values, order = _ordered(p_values)
    stepped = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _placed(np.minimum.accumulate(stepped[::-1])[::-1], order)


def _ordered(p_values: Any) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(p_values, float)
    if values.ndim != 1 or not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise InputError("the p-values", expected="probabilities, at least one", got=p_values)
    return values, np.argsort(values, kind="stable")


def _placed(stepped: np.ndarray, order: np.ndarray) -> np.ndarray:
    adjusted = np.empty_like(stepped)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
