"""Exercise: layer normalisation by its formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one vector, then weights, then a batch, then a vector of hardly any spread."""
    one, zero = torch.ones(2), torch.zeros(2)
    yield Case("one vector", torch.tensor([1.0, 4.0]), one, zero, 0.0)
    yield Case("weight and bias", torch.tensor([1.0, 3.0]), torch.tensor([2.0, 3.0]),
               torch.tensor([0.0, 5.0]), 0.0)  # fmt: skip
    wide = (normal(rng, 4), normal(rng, 4))
    yield Case("a batch", normal(rng, 3, 4), *wide, 1e-5)
    yield Case("batch and time", 3 * normal(rng, 2, 3, 4) + 5, *wide, 1e-5)
    yield Case("a large epsilon", normal(rng, 2, 4), *wide, 0.5)


def _normed(x: Any, weight: Any, bias: Any, epsilon: float, axis: Any, *, n: int = 0) -> Any:
    centred = x - x.mean(axis, keepdim=True)
    variance = centred.square().mean(axis, keepdim=True)
    return centred / (variance + epsilon).sqrt() * weight + bias


def over_the_batch(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Average over the first axis."""
    return _normed(x, weight, bias, epsilon, 0)


def over_everything(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Average over all axes."""
    centred = x - x.mean()
    return centred / (centred.square().mean() + epsilon).sqrt() * weight + bias


def unbiased(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Divide by one less than the width."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / (x.var(-1, keepdim=True) + epsilon).sqrt() * weight + bias


def epsilon_outside(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Add epsilon to the spread."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True).sqrt() + epsilon) * weight + bias


def not_centred(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Only scale, as RMSNorm does."""
    return x / (x.square().mean(-1, keepdim=True) + epsilon).sqrt() * weight + bias


def bias_scaled(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Add the bias before the weight."""
    centred = x - x.mean(-1, keepdim=True)
    spread = (centred.square().mean(-1, keepdim=True) + epsilon).sqrt()
    return (centred / spread + bias) * weight


EXERCISE = Exercise(
    name="layer_norm",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.models.blocks.normalisation:layer_norm",
    cases=cases,
    compare=close(relative=1e-3, absolute=1e-4),
    mistakes=(
        Mistake("over the batch", over_the_batch,
                "You averaged over the batch, which is batch normalisation: a text would depend on "
                "its neighbours. Layer norm looks at one vector: the last axis."),
        Mistake("over everything", over_everything,
                "One mean for the whole tensor. Each token has its own: mean(-1, keepdim=True)."),
        Mistake("unbiased variance", unbiased,
                "Tensor.var divides by width − 1. Layer norm divides by the width: "
                "var(correction=0), or the mean of the squares."),
        Mistake("epsilon outside the root", epsilon_outside,
                "ε was added to the spread. The formula adds it to the *variance*, inside the "
                "root."),
        Mistake("not centred", not_centred,
                "The mean was not taken off: that is RMSNorm. Subtract it before you square."),
        Mistake("bias scaled", bias_scaled,
                "The bias was multiplied by the weight. Scale first, then add it."),
    ),
    hints=(
        "Which numbers of a tensor (batch, time, width) are averaged together?",
        "Mean off, divide by the root of (variance + ε), times weight, plus bias. Which axis, and "
        "what keeps it there?",
        "centred = x - x.mean(-1, keepdim=True); variance = centred.square().mean(-1, "
        "keepdim=True); centred / (variance + epsilon).sqrt() * weight + bias",
    ),
)  # fmt: skip
