"""Tensors that lie in pieces on several processes, as whole ones and back."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


def whole(tensor: Tensor) -> Tensor:
    """Return a tensor as one piece; the processes that hold its pieces must all ask.

    >>> import torch
    >>> whole(torch.ones(2))
    tensor([1., 1.])
    """
    gather: Any = getattr(tensor, "full_tensor", None)
    return gather() if gather is not None else tensor


def like(pattern: Tensor, value: Tensor) -> Tensor:
    """Return ``value`` on the device of ``pattern``, and in pieces where that is."""
    mesh = getattr(pattern, "device_mesh", None)
    moved = value.to(pattern.device)
    if mesh is None:
        return moved
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(moved, mesh, pattern.placements)  # type: ignore[attr-defined]


def reshard(model: nn.Module) -> None:
    """Give back what a forward pass has gathered and, without a backward pass, would keep."""
    for module in model.modules():
        give_back: Any = getattr(module, "reshard", None)
        if give_back is not None:
            give_back()
