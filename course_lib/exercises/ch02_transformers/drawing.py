"""Tensors for the cases: drawn by numpy's generator, with few digits, as PyTorch's float32."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def normal(rng: np.random.Generator, *shape: int) -> Tensor:
    """Return normal numbers of ``shape``, with two decimals.

    >>> normal(np.random.default_rng(0), 2, 3).shape
    torch.Size([2, 3])
    """
    return torch.tensor(rng.normal(size=shape).round(2), dtype=torch.float32)


def whole(rng: np.random.Generator, below: int, *shape: int) -> Tensor:
    """Return whole numbers of ``shape``, from 0 to less than ``below``.

    >>> whole(np.random.default_rng(0), 9, 2, 3).dtype
    torch.int64
    """
    return torch.tensor(rng.integers(below, size=shape), dtype=torch.int64)
