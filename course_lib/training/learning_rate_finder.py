"""The learning-rate finder: raise the rate from tiny to huge over a few steps, and watch the loss.

While the rate is too small nothing happens; then the loss falls, fastest at a good rate; then it
explodes (Smith, 2017, https://arxiv.org/abs/1506.01186). A rate somewhat below the steepest fall,
or a tenth of where the explosion begins, is a sound first guess, not more.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.errors import InputError
from course_lib.gpu import move
from course_lib.training.batches import Batches
from course_lib.training.objectives import Loss
from course_lib.training.optimiser import adamw
from course_lib.training.schedule import set_learning_rate

EXPLODED = 2.0
"""How many times the least loss so far ends the search."""


@dataclass(frozen=True)
class RateSearch:
    """The rates tried, the smoothed loss at each, and the suggestion."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def suggestion(self) -> float:
        """The rate at the steepest fall of the smoothed loss, on a logarithmic scale."""
        falls = [self.losses[i - 1] - self.losses[i + 1] for i in range(1, len(self.rates) - 1)]
        return self.rates[1 + falls.index(max(falls))]


def find_learning_rate(
    model: nn.Module,
    batches: Batches,
    loss: Loss,
    *,
    lowest: float = 1e-6,
    highest: float = 1.0,
    steps: int = 60,
    smoothing: float = 0.8,
) -> RateSearch:
    """Try ``steps`` rates on a copy of the model, which is itself left as it is.

    Raises ``InputError`` unless 0 < lowest < highest and there are at least 5 steps.
    """
    if not 0 < lowest < highest or steps < 5:
        expected = "0 < lowest < highest and 5 steps or more"
        raise InputError("the search", expected=expected, got=f"{lowest}, {highest}, {steps}")
    trial = copy.deepcopy(model).train()
    optimiser = adamw(trial, lowest)
    data = batches.starting_at(0)
    rates, losses = list[float](), list[float]()
    running = 0.0
    for step in range(steps):
        rate = lowest * (highest / lowest) ** (step / (steps - 1))
        set_learning_rate(optimiser, rate)
        value = _stepped(trial, optimiser, loss, next(data))
        running = smoothing * running + (1 - smoothing) * value
        smoothed = running / (1 - smoothing ** (step + 1))
        if not math.isfinite(value) or (losses and smoothed > EXPLODED * min(losses)):
            break
        rates.append(rate)
        losses.append(smoothed)
    _refuse_short(losses)
    return RateSearch(tuple(rates), tuple(losses))


def _stepped(model: nn.Module, optimiser: torch.optim.Optimizer, loss: Loss, batch: Any) -> float:
    device = next(model.parameters()).device
    optimiser.zero_grad(set_to_none=True)
    total, count = loss(model, move(batch, device))
    mean: Tensor = total / count.clamp(min=1)
    mean.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(mean.detach())


def _refuse_short(losses: Sequence[float]) -> None:
    if len(losses) < 3:
        expected = "at least three rates with a finite loss"
        remedy = "begin at a lower rate"
        raise InputError("the search", expected=expected, got=len(losses), remedy=remedy)
