"""An exponential moving average of the weights: a steadier model than any single step's.

The average starts at zero and is divided by 1 − decayᵗ, as Adam's means are, so that it is right
from the first step: without the division it would be dragged towards zero, and started at the first
weights it would remember them for long. After Polyak and Juditsky, 1992,
https://doi.org/10.1137/0330046.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from course_lib.errors import InputError


class WeightAverage:
    """The average of a model's parameters over the steps; ``applied`` lends it to the model.

    Raises ``InputError`` for a decay outside [0, 1).

    >>> model = nn.Linear(1, 1, bias=False)
    >>> average = WeightAverage(model, decay=0.5)
    >>> for value in (4.0, 1.0):
    ...     _ = model.weight.data.fill_(value)
    ...     average.update(model)
    >>> with average.applied(model):  # (0.25 · 4 + 0.5 · 1) / 0.75
    ...     print(model.weight.item())
    2.0
    >>> model.weight.item()
    1.0
    """

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        if not 0 <= decay < 1:
            raise InputError("the decay", expected="from 0 to below 1", got=decay)
        self.decay, self.updates = decay, 0
        self.sums = {
            name: torch.zeros_like(weight, dtype=torch.float32)
            for name, weight in model.named_parameters()
        }

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights as they are after a step."""
        self.updates += 1
        weights = [weight.float() for weight in model.parameters()]
        torch._foreach_lerp_(list(self.sums.values()), weights, 1 - self.decay)

    def weights(self) -> dict[str, Tensor]:
        """Return the average; raises ``InputError`` before the first update."""
        if not self.updates:
            raise InputError("the average", expected="at least one update", got="none")
        bias = 1 - self.decay**self.updates
        return {name: value / bias for name, value in self.sums.items()}

    @contextlib.contextmanager
    def applied(self, model: nn.Module) -> Iterator[None]:
        """Put the average into the model for the block, and its own weights back after it."""
        average = self.weights()
        own = {name: weight.detach().clone() for name, weight in model.named_parameters()}
        _fill(model, average)
        try:
            yield
        finally:
            _fill(model, own)


@torch.no_grad()
def _fill(model: nn.Module, weights: dict[str, Tensor]) -> None:
    for name, parameter in model.named_parameters():
        parameter.copy_(weights[name])
