"""First weights: small, centred, and smaller still where layers add up.

GPT-2 draws every matrix from a normal distribution of spread 0.02 and starts biases at zero. Each
block adds twice to the residual stream; so that the sum of 2 · layers terms has the spread of one,
the matrices that write to it are divided by √(2 · layers) (Radford et al., 2019, section 2.3).
"""

from __future__ import annotations

import math

import torch
from torch import nn

SPREAD = 0.02


def initialise(model: nn.Module, *, layers: int, generator: torch.Generator | None = None) -> None:
    """Draw all weights of ``model`` anew; the matrices called ``project`` write to the residual.

    ``generator`` makes the draw repeatable; it must be on the model's device.

    >>> model = nn.ModuleDict({"project": nn.Linear(100, 100)})
    >>> initialise(model, layers=8, generator=torch.Generator().manual_seed(0))
    >>> f"{model['project'].weight.std().item():.4f}"
    '0.0050'
    """
    done: set[int] = set()
    for name, module in model.named_modules():
        if not isinstance(module, nn.Linear | nn.Embedding):
            continue
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
        if id(module.weight) in done:  # tied to one that has been drawn
            continue
        done.add(id(module.weight))
        writes = name.endswith("project")
        spread = SPREAD / math.sqrt(2 * layers) if writes else SPREAD
        nn.init.normal_(module.weight, std=spread, generator=generator)
