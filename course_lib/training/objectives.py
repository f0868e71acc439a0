"""What a model is trained on: from a model and a batch to a summed loss and a count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.training.next_token import next_token_loss

Loss = Callable[[nn.Module, Any], tuple[Tensor, Tensor]]
"""From a model and a batch to the summed loss and how many targets it counts."""


def language_model_loss(model: nn.Module, batch: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return the summed loss and the count for a batch of inputs and shifted targets."""
    inputs, targets = batch
    return next_token_loss(model(inputs), targets)


def classification_loss(model: nn.Module, batch: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return the summed cross-entropy and the count for a batch of inputs and class numbers."""
    inputs, classes = batch
    loss = nn.functional.cross_entropy(model(inputs).float(), classes, reduction="sum")
    return loss, torch.tensor(len(classes), device=loss.device)
