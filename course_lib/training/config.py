"""How to train, as one frozen value that a recipe can name field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from course_lib.errors import InputError
from course_lib.models.fields import check_fields, check_positive
from course_lib.training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How to train; raises ``InputError`` for what does not fit.

    ``accumulation`` micro-batches make one step. ``clip`` bounds the gradients' global norm.
    ``precision`` is the device's fast one; name one to compare devices. ``average_decay`` keeps an
    average of the weights, which is then what is evaluated. ``recompute`` saves the memory of
    activations (see ``recompute_blocks``). With ``evaluate_every`` and
    ``patience`` a run stops when the validation loss has not improved for so many evaluations.
    """

    steps: int
    learning_rate: float = 1e-3
    warm_up: int = 0
    floor: float = 0.1
    schedule: str = "cosine"
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip: float | None = 1.0
    accumulation: int = 1
    precision: Literal["float32", "bfloat16", "float16"] | None = None
    compile: bool = False
    recompute: bool = False
    average_decay: float | None = None
    evaluate_every: int | None = None
    evaluation_batches: int = 20
    patience: int | None = None
    checkpoint_every: int | None = None
    keep: int = 2
    log_every: int = 10

    def __post_init__(self) -> None:
        check_fields(self)
        check_positive(self, "clip", "accumulation", "evaluate_every", "evaluation_batches")
        check_positive(self, "patience", "checkpoint_every", "keep", "log_every")
        if not all(0 <= beta < 1 for beta in self.betas):
            raise InputError("betas", expected="from 0 to below 1", got=self.betas)
        if self.average_decay is not None and not 0 <= self.average_decay < 1:
            raise InputError("average_decay", expected="from 0 to below 1", got=self.average_decay)
        if self.weight_decay < 0:
            raise InputError("weight_decay", expected="0 or more", got=self.weight_decay)
        if self.patience is not None and self.evaluate_every is None:
            raise InputError("patience", expected="evaluate_every as well", got="none")
        self.rates()

    def rates(self) -> Schedule:
        """Return the learning rate of every step."""
        return Schedule(self.learning_rate, self.steps, self.warm_up, self.floor, self.schedule)
