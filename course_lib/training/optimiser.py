"""AdamW with the right groups: matrices decay, biases and norms do not.

Adam (Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980) divides the running mean of the
gradients m by the root of the running mean of their squares v; both start at zero, so both are
divided by 1 − βᵗ. Weight decay is *decoupled* (Loshchilov and Hutter, 2019,
https://arxiv.org/abs/1711.05101): weights shrink by learning rate × decay, past the division, where
an L2 penalty in the loss would shrink weights of large gradients less.

Decay pulls a weight towards zero. That is sensible for a matrix; for the scale of a norm, whose
neutral value is one, and for a bias, it only does harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from course_lib.errors import InputError


def adamw(
    model: nn.Module,
    learning_rate: float,
    weight_decay: float = 0.1,
    betas: tuple[float, float] = (0.9, 0.95),
    epsilon: float = 1e-8,
) -> torch.optim.AdamW:
    """Return AdamW over the parameters of ``model`` that learn, in one fused kernel where it can.

    The defaults are GPT-3's (Brown et al., 2020, https://arxiv.org/abs/2005.14165, appendix B).
    Raises ``InputError`` when nothing in the model learns.

    >>> optimiser = adamw(nn.Linear(3, 2), learning_rate=1e-3)
    >>> [(len(group["params"]), group["weight_decay"]) for group in optimiser.param_groups]
    [(1, 0.1), (1, 0.0)]
    """
    groups = parameter_groups(model, weight_decay)
    parameters = [parameter for group in groups for parameter in group["params"]]
    fused = all(_fuses(parameter) for parameter in parameters)
    return torch.optim.AdamW(groups, lr=learning_rate, betas=betas, eps=epsilon, fused=fused)


def parameter_groups(model: nn.Module, weight_decay: float = 0.1) -> list[dict[str, Any]]:
    """Return the parameters with two axes or more, which decay, and the others, which do not.

    A parameter that two modules share is there once; one that does not learn is left out.

    >>> decaying, others = parameter_groups(nn.Sequential(nn.Embedding(5, 4), nn.LayerNorm(4)))
    >>> [tuple(p.shape) for p in decaying["params"]], [tuple(p.shape) for p in others["params"]]
    ([(5, 4)], [(4,), (4,)])
    """
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not learning:
        remedy = "set requires_grad on what should be trained"
        raise InputError("the model", expected="a parameter that learns", got="none", remedy=remedy)
    groups = [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def adamw_by_definition(
    weights: Float[Tensor, "*shape"],
    gradients: Sequence[Float[Tensor, "*shape"]],
    learning_rate: float,
    weight_decay: float = 0.1,
    betas: tuple[float, float] = (0.9, 0.95),
    epsilon: float = 1e-8,
) -> Float[Tensor, "*shape"]:
    """Return the weights after one step for each of ``gradients``, as algorithm 2 writes it.

    The first step goes by the sign of the gradient, whatever its size:

    >>> adamw_by_definition(torch.zeros(2), [torch.tensor([5.0, -0.01])], 0.1, weight_decay=0.0)
    tensor([-0.1000,  0.1000])
    """
    first, second = torch.zeros_like(weights), torch.zeros_like(weights)
    for step, gradient in enumerate(gradients, start=1):
        first = betas[0] * first + (1 - betas[0]) * gradient
        second = betas[1] * second + (1 - betas[1]) * gradient**2
        mean, square = first / (1 - betas[0] ** step), second / (1 - betas[1] ** step)
        weights = weights * (1 - learning_rate * weight_decay)
        weights = weights - learning_rate * mean / (square.sqrt() + epsilon)
    return weights


def _fuses(parameter: Tensor) -> bool:
    return parameter.is_floating_point() and parameter.device.type in ("cpu", "cuda", "mps")
