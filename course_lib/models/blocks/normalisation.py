"""Normalisation: give every token's vector the same scale, whatever came before.

LayerNorm (Ba et al., 2016, https://arxiv.org/abs/1607.06450) takes off the mean and divides by the
spread; RMSNorm (Zhang & Sennrich, 2019, https://arxiv.org/abs/1910.07467) only divides by the root
of the mean square. Both look at one token at a time: neither the batch nor the time is averaged.
The two functions are the definitions; ``make_norm`` gives PyTorch's modules, which equal them.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from course_lib.models.blocks.block_config import Norm


def layer_norm(
    x: Float[Tensor, "*batch width"],
    weight: Float[Tensor, " width"],
    bias: Float[Tensor, " width"] | None = None,
    epsilon: float = 1e-5,
) -> Float[Tensor, "*batch width"]:
    """Return (x − mean) / √(variance + ε) · weight + bias over the last axis.

    The variance divides by the width, not by one less; ε stands inside the root.

    >>> layer_norm(torch.tensor([1.0, 3.0]), torch.ones(2), epsilon=0.0).tolist()
    [-1.0, 1.0]
    """
    centred = x - x.mean(dim=-1, keepdim=True)
    variance = centred.square().mean(dim=-1, keepdim=True)
    scaled = centred / (variance + epsilon).sqrt() * weight
    return scaled if bias is None else scaled + bias


def rms_norm(
    x: Float[Tensor, "*batch width"], weight: Float[Tensor, " width"], epsilon: float = 1e-6
) -> Float[Tensor, "*batch width"]:
    """Return x / √(mean of squares + ε) · weight over the last axis.

    >>> rms_norm(torch.tensor([3.0, 4.0]), torch.ones(2), 0.0).square().mean().item()
    1.0
    """
    return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + epsilon) * weight


def make_norm(kind: Norm, width: int, *, epsilon: float, bias: bool = True) -> nn.Module:
    """Return PyTorch's module for ``kind``, ``"layer"`` or ``"rms"`` (which never has a bias).

    >>> make_norm("rms", 4, epsilon=1e-6)(torch.ones(1, 4)).round().tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    """
    if kind == "rms":
        return nn.RMSNorm(width, eps=epsilon)
    return nn.LayerNorm(width, eps=epsilon, bias=bias)
