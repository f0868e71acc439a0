"""Probes of chapter 04: how a learner's object is tried where a plain call is not enough."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.exercises.case import Case


class PeekingModel:
    """A model that repeats the targets if it is given any, and errs more while it trains.

    It predicts 1 where the sum of an example's inputs is positive. In training it drops the first
    input, as dropout might.
    """

    def __init__(self) -> None:
        self.training = True

    def train(self, mode: bool = True) -> PeekingModel:
        """Go over to training, or with ``False`` to use."""
        self.training = bool(mode)
        return self

    def eval(self) -> PeekingModel:
        """Go over to use."""
        return self.train(False)

    def __call__(self, inputs: Any, targets: Any = None) -> Any:
        """Return a label for each row of ``inputs``."""
        if targets is not None:
            return np.array(targets)
        kept = inputs[:, 1:] if self.training else inputs
        return (kept.sum(axis=1) > 0).astype(int)


def call_with_model(function: Any, case: Case) -> Any:
    """Call the function with a model of its own and the case's batches."""
    return function(PeekingModel(), case.keywords["batches"])
