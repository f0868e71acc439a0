"""Training by its definition: what ``loop.Trainer`` does, without all that a long run needs.

A test proves the two equal. Missing here are lower precision, checkpoints, validation, averaging,
early stopping and several processes; and micro-batches save no memory, since all of them are kept
until one backward pass.
"""

from __future__ import annotations

import torch
from torch import nn

from course_lib.training.batches import Batches
from course_lib.training.config import TrainingConfig
from course_lib.training.objectives import Loss
from course_lib.training.optimiser import adamw
from course_lib.training.schedule import set_learning_rate


def train_by_definition(
    model: nn.Module, batches: Batches, loss: Loss, config: TrainingConfig
) -> list[float]:
    """Train ``model`` where it is, in its own precision, and return the mean loss of each step.

    >>> from course_lib.training import classification_loss
    >>> data = [(torch.full((2,), float(i % 2)), torch.tensor(i % 2)) for i in range(20)]
    >>> config = TrainingConfig(steps=60, learning_rate=0.1)
    >>> batches = Batches(data, size=10)
    >>> train_by_definition(nn.Linear(2, 2), batches, classification_loss, config)[-1] < 0.1
    True
    """
    optimiser = adamw(model, config.learning_rate, config.weight_decay, config.betas)
    data, rates, losses = batches.starting_at(0), config.rates(), []
    model.train()
    for step in range(config.steps):
        set_learning_rate(optimiser, rates(step))
        optimiser.zero_grad()
        parts = [loss(model, next(data)) for _ in range(config.accumulation)]
        total, count = (torch.stack(column).sum() for column in zip(*parts, strict=True))
        mean = total / count
        mean.backward()  # type: ignore[no-untyped-call]
        if config.clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimiser.step()
        losses.append(mean.item())
    return losses
