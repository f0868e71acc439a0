"""Learning-rate schedules: how large the steps are, from the first to the last.

Every one of them warms up in a straight line: Adam's running means know nothing in the first steps,
and a full step would be a leap in the dark. After that the *cosine* falls slowly, then fast, then
slowly to the floor (Loshchilov and Hutter, 2017, https://arxiv.org/abs/1608.03983); *linear* falls
evenly; *stable* keeps the peak and falls in the last fifth (Hu et al., 2024,
https://arxiv.org/abs/2404.06395), so that a run can be made longer afterwards; *inverse root* is
the first transformer's (Vaswani et al., 2017, https://arxiv.org/abs/1706.03762, section 5.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from course_lib.errors import InputError

SHAPES = ("cosine", "linear", "stable", "inverse root", "constant")
LAST_FIFTH = 0.8


@dataclass(frozen=True)
class Schedule:
    """The learning rate of each step, counted from 0; ``steps`` is how many there are.

    Step ``warm_up − 1`` is the first at the ``peak``; the last step is at the ``floor`` (a share of
    the peak), where the shape has one. Raises ``InputError`` for sizes that make no sense.

    >>> schedule = Schedule(peak=1.0, steps=11, warm_up=2, floor=0.1)
    >>> [round(schedule(step), 3) for step in (0, 1, 6, 10)]
    [0.5, 1.0, 0.472, 0.1]
    """

    peak: float
    steps: int
    warm_up: int = 0
    floor: float = 0.1
    shape: str = "cosine"

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise InputError("the schedule's shape", expected=" or ".join(SHAPES), got=self.shape)
        if self.steps < 1 or not 0 <= self.warm_up <= self.steps:
            expected = "0 ≤ warm_up ≤ steps and at least one step"
            got = f"warm_up={self.warm_up}, steps={self.steps}"
            raise InputError("the schedule", expected=expected, got=got)
        if self.peak < 0 or not 0 <= self.floor <= 1:
            got = f"peak={self.peak}, floor={self.floor}"
            raise InputError("the schedule", expected="peak ≥ 0 and a floor from 0 to 1", got=got)

    def __call__(self, step: int) -> float:
        """Return the learning rate of ``step``; past the end it stays as it was at the end."""
        if step < 0:
            raise InputError("the step", expected="at least 0", got=step)
        if step < self.warm_up:
            return self.peak * (step + 1) / self.warm_up
        return self.peak * self._share(min(step, self.steps - 1))

    def _share(self, step: int) -> float:
        start = max(self.warm_up - 1, 0)
        progress = (step - start) / max(self.steps - 1 - start, 1)
        if self.shape == "cosine":
            return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * progress)) / 2
        if self.shape == "linear":
            return 1 - (1 - self.floor) * progress
        if self.shape == "stable":
            return 1 - (1 - self.floor) * max(0.0, progress - LAST_FIFTH) / (1 - LAST_FIFTH)
        if self.shape == "inverse root":
            return math.sqrt(max(self.warm_up, 1) / (step + 1))
        return 1.0


def set_learning_rate(optimiser: torch.optim.Optimizer, learning_rate: float) -> None:
    """Give every group of the optimiser this learning rate, times the group's own ``scale``."""
    for group in optimiser.param_groups:
        group["lr"] = learning_rate * group.get("scale", 1.0)
