"""Activations: the bend between two matrices, without which two would be one.

GELU (Hendrycks & Gimpel, 2016, https://arxiv.org/abs/1606.08415) weighs x by the probability that a
normal number is smaller. GPT-2 was trained with an approximation by tanh: up to 5e-4 off, and so
part of its weights. SwiGLU (Shazeer, 2020, https://arxiv.org/abs/2002.05202) lets one projection
open and close another.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


def gelu(x: Float[Tensor, "*axes"]) -> Float[Tensor, "*axes"]:
    """Return x · Φ(x), Φ being the normal distribution function.

    >>> gelu(torch.tensor([-10.0, 0.0, 10.0])).tolist()
    [-0.0, 0.0, 10.0]
    """
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def gelu_tanh(x: Float[Tensor, "*axes"]) -> Float[Tensor, "*axes"]:
    """Return GPT-2's GELU: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))).

    >>> f"{(gelu_tanh(torch.tensor(2.0)) - gelu(torch.tensor(2.0))).abs().item():.5f}"
    '0.00010'
    """
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def swiglu(gate: Float[Tensor, "*axes"], value: Float[Tensor, "*axes"]) -> Float[Tensor, "*axes"]:
    """Return silu(gate) · value, where silu(x) = x · sigmoid(x).

    >>> swiglu(torch.tensor([-20.0, 20.0]), torch.tensor([3.0, 3.0])).round().tolist()
    [-0.0, 60.0]
    """
    return gate * torch.sigmoid(gate) * value


def _fast_gelu_tanh(x: Tensor) -> Tensor:
    return functional.gelu(x, approximate="tanh")


PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "gelu": functional.gelu,
    "gelu_tanh": _fast_gelu_tanh,
}
"""PyTorch's kernels for the activations that take one projection."""
