"""Clipping gradients by their global norm: the direction stays, only the length is bounded.

One norm over all parameters together (Pascanu, Mikolov and Bengio, 2013,
https://arxiv.org/abs/1211.5063, section 3.2). Clipping each tensor by itself would change the
direction of the step. With a gradient scaler, unscale first: the norm of scaled gradients says
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor

from course_lib.errors import InputError
from course_lib.training.sharding import whole


def clip_global_norm(
    parameters: Iterable[Tensor], most: float, *, times: Tensor | float = 1.0
) -> Tensor:
    """Scale all gradients so that their joint norm is at most ``most``; return the norm before.

    Gradients that are still to be multiplied by ``times``, as sums that should be means, are judged
    and left as if they had been: both cost one pass over memory. Parameters without a gradient
    are passed over. The norm comes back as a tensor on the device: reading it waits for the device,
    so read it seldom. A norm that is not finite clips nothing (the caller should skip the step).
    Raises ``InputError`` unless ``most`` is positive.

    >>> weight = torch.zeros(2, requires_grad=True)
    >>> weight.grad = torch.tensor([3.0, 4.0])
    >>> clip_global_norm([weight], 1.0), weight.grad
    (tensor(5.), tensor([0.6000, 0.8000]))
    """
    if not most > 0:
        raise InputError("the largest norm", expected="more than 0", got=most)
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = global_norm(gradients) * times
    clipped = torch.where(norm.isfinite(), (most / norm).clamp(max=1.0), 1.0)
    scale_all(gradients, clipped * times)
    return norm


def scale_all(tensors: Iterable[Tensor], factor: Tensor) -> None:
    """Multiply all tensors by one number, in place, in one kernel for each device and format.

    >>> tensors = [torch.ones(2), torch.ones(1, dtype=torch.float64)]
    >>> scale_all(tensors, torch.tensor(0.5))
    >>> tensors
    [tensor([0.5000, 0.5000]), tensor([0.5000], dtype=torch.float64)]
    """
    groups = defaultdict[tuple[torch.device, torch.dtype], list[Tensor]](list)
    for tensor in tensors:
        groups[tensor.device, tensor.dtype].append(tensor)
    for (device, dtype), group in groups.items():
        torch._foreach_mul_(group, factor.to(device, dtype))


def global_norm(tensors: Iterable[Tensor]) -> Tensor:
    """Return the Euclidean norm of all tensors laid end to end; 0 for none.

    >>> global_norm([torch.tensor([[3.0]]), torch.tensor([4.0])])
    tensor(5.)
    """
    each = list(tensors)
    if not each:
        return torch.zeros(())
    norms = [whole(torch.linalg.vector_norm(tensor, dtype=torch.float32)) for tensor in each]
    joint: Tensor = torch.linalg.vector_norm(torch.stack([norm.to(norms[0]) for norm in norms]))
    return joint
