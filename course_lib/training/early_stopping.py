"""Early stopping: end a run when the validation loss has not improved for a while.

The simplest regulariser (Prechelt, 1998, https://doi.org/10.1007/3-540-49430-8_3). What is kept is
the best checkpoint, not the last one; and the loss it was chosen by is no longer an unbiased
measure of that model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from course_lib.errors import InputError


@dataclass
class EarlyStopping:
    """Counts evaluations without improvement; an improvement is at least ``least`` (in nats).

    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.observe(loss) for loss in (3.0, 2.5, 2.6, 2.7)]  # is it the best so far?
    [True, True, False, False]
    >>> stopping.is_over
    True
    """

    patience: int
    least: float = 0.0
    best: float = math.inf
    waited: int = 0

    def __post_init__(self) -> None:
        if self.patience < 1 or self.least < 0:
            got = f"patience={self.patience}, least={self.least}"
            raise InputError("early stopping", expected="patience ≥ 1 and least ≥ 0", got=got)

    def observe(self, loss: float) -> bool:
        """Take in a validation loss and return whether it is the best so far; nan never is."""
        if loss < self.best - self.least:
            self.best, self.waited = loss, 0
            return True
        self.waited += 1
        return False

    @property
    def is_over(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self.patience
