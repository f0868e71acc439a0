"""The mean loss on held-out data, without gradients, and without leaving a trace in the model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.gpu import move
from course_lib.models.evaluation_mode import evaluating
from course_lib.training.batches import Batches
from course_lib.training.distributed import Processes
from course_lib.training.sharding import reshard


def mean_loss(
    model: nn.Module,
    loss: Callable[[nn.Module, Any], tuple[Tensor, Tensor]],
    batches: Batches,
    most: int,
    processes: Processes,
) -> float:
    """Return the loss per target over the first ``most`` batches of an epoch, the same each time.

    The model is in ``eval`` mode meanwhile (dropout off, batch norm's statistics fixed), and as it
    was before afterwards.
    """
    sums = torch.zeros(2, dtype=torch.float64, device=_exact(processes.device))
    try:
        with evaluating(model), torch.no_grad():
            for batch in islice(batches.starting_at(0), min(most, len(batches))):
                total, count = loss(model, move(batch, processes.device))
                sums += torch.stack([total.to(sums), count.to(sums)])
    finally:
        reshard(model)
    total, count = processes.total(sums).tolist()
    return float(total / max(count, 1))


def _exact(device: torch.device) -> torch.device:
    """Return where sums in float64 can be kept: Apple's GPUs have no such numbers."""
    return torch.device("cpu") if device.type == "mps" else device
