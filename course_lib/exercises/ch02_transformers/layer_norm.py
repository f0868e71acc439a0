"""Exercise: layer normalisation by its formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one vector, then weights, then a batch, then a large epsilon."""
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
    """Add epsilon to the standard deviation."""
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


def unbiased_and_outside(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Divide by x.std() + ε, as many tutorials do."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / (x.std(-1, keepdim=True) + epsilon) * weight + bias


def axis_dropped(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Average without keeping the axis."""
    centred = x - x.mean(-1)
    return centred / (centred.square().mean(-1) + epsilon).sqrt() * weight + bias


def without_root(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Divide by the variance."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + epsilon) * weight + bias


def by_variance(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Use PyTorch's variance, in float64."""
    x = x.double()
    variance, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
    return (x - mean) * torch.rsqrt(variance + epsilon) * weight + bias


def vector_by_vector(x: Any, weight: Any, bias: Any, epsilon: float) -> Any:
    """Normalise one vector after the other by Python's own numbers."""
    rows = []
    for row in x.reshape(-1, x.shape[-1]).tolist():
        mean = sum(row) / len(row)
        variance = sum((number - mean) ** 2 for number in row) / len(row)
        rows.append([(number - mean) / (variance + epsilon) ** 0.5 for number in row])
    return torch.tensor(rows).reshape(x.shape) * weight + bias


EXERCISE = Exercise(
    name="layer_norm",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.models.blocks.normalisation:layer_norm",
    cases=cases,
    returns=TENSOR,
    alternatives=(by_variance, vector_by_vector),
    not_by=(
        "torch.nn.functional:layer_norm", "torch:layer_norm", "torch:native_layer_norm",
        "torch.nn:LayerNorm", "torch.nn.functional:group_norm", "torch:group_norm",
        "torch.nn:GroupNorm", "torch.nn.functional:instance_norm",
        "course_lib.models.blocks.normalisation:layer_norm",
        "course_lib.models.blocks.normalisation:make_norm",
    ),
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
                "ε was added to the standard deviation. The formula adds it to the *variance*, "
                "inside the root."),
        Mistake("not centred", not_centred,
                "The mean was not taken off: that is RMSNorm. Subtract it before you square."),
        Mistake("bias scaled", bias_scaled,
                "The bias was multiplied by the weight. Scale first, then add it."),
        Mistake("std + ε", unbiased_and_outside,
                "x.std() + ε is in many tutorials, and differs twice: std divides by width − 1, "
                "and ε stands outside the root. Take the mean of the squares, add ε, then the "
                "root."),
        Mistake("the averaged axis dropped", axis_dropped,
                "mean(-1) drops the axis, so the means no longer stand against the rows. "
                "keepdim=True leaves it there with size 1."),
        Mistake("no root", without_root,
                "You divided by the variance. Its root is the standard deviation, and that is "
                "what a vector is divided by."),
    ),
    hints=(
        "Which numbers of a tensor (batch, time, width) are averaged together?",
        "Mean off, divide by the root of (variance + ε), times weight, plus bias. Which axis, and "
        "what keeps it there?",
        "centred = x - x.mean(-1, keepdim=True); variance = centred.square().mean(-1, "
        "keepdim=True); centred / (variance + epsilon).sqrt() * weight + bias",
    ),
)  # fmt: skip
