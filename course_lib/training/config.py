"""How to train, as one frozen value that a recipe can name field by field."""

from __future__ import annotations

from dataclasses import dataclass

from course_lib.errors import InputError
from course_lib.training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How to train; raises ``InputError`` for what does not fit.

    ``accumulation`` micro-batches make one step. ``clip`` bounds the gradients' global norm.
    ``precision`` is the device's fast one; name one to compare devices. ``average_decay`` keeps an
    average of the weights, which is then what is evaluated. With ``evaluate_every`` and
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
    precision: str | None = None
    compile: bool = False
    average_decay: float | None = None
    evaluate_every: int | None = None
    evaluation_batches: int = 20
    patience: int | None = None
    checkpoint_every: int | None = None
    keep: int = 2
    log_every: int = 10

    def __post_init__(self) -> None:
        for name in ("accumulation", "evaluation_batches", "log_every"):
            if getattr(self, name) < 1:
                raise InputError(name, expected="at least 1", got=getattr(self, name))
        if self.patience is not None and self.evaluate_every is None:
            raise InputError("patience", expected="evaluate_every as well", got="none")
        self.rates()

    def rates(self) -> Schedule:
        """Return the learning rate of every step."""
        return Schedule(self.learning_rate, self.steps, self.warm_up, self.floor, self.schedule)
