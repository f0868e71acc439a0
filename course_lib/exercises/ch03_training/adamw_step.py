"""Exercise: one step of AdamW."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY, SEQUENCE, each

B1, B2, EPSILON, DECAY = 0.9, 0.95, 1e-8, 0.1

State = tuple[Any, Any, Any]


def adamw_step(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Return weight, mean and square after the step, which is counted from 1."""
    m = B1 * m + (1 - B1) * g
    v = B2 * v + (1 - B2) * g**2
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    w = w - rate * DECAY * w - rate * mean / (np.sqrt(square) + EPSILON)
    return w, m, v


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the first step by hand, a later one, a tiny gradient, none, then drawn ones."""
    first = np.zeros(1), np.array([5.0]), np.zeros(1), np.zeros(1)
    yield Case("the first step", *first, 1, 0.1)
    yield Case("a later step", np.array([1.0]), np.array([2.0]), np.ones(1), np.ones(1), 5, 0.1)
    tiny = np.zeros(1), np.array([-1e-5]), np.zeros(1), np.zeros(1)
    yield Case("a tiny gradient", *tiny, 1, 0.01)
    yield Case("decay alone", np.array([2.0, -4.0]), np.zeros(2), np.zeros(2), np.ones(2), 3, 0.5)
    w, g, m = rng.normal(size=(3, 2, 2))
    yield Case("drawn numbers", w, g, m, rng.uniform(0.1, 2, size=(2, 2)), 12, 0.03)


def _running(g: Any, m: Any, v: Any) -> tuple[Any, Any]:
    return B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2


def uncorrected(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Use the running means as they are."""
    m, v = _running(g, m, v)
    return w - rate * DECAY * w - rate * m / (np.sqrt(v) + EPSILON), m, v


def coupled(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Put the decay into the gradient."""
    m, v = _running(g + DECAY * w, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    return w - rate * mean / (np.sqrt(square) + EPSILON), m, v


def epsilon_inside(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Put ε below the root."""
    m, v = _running(g, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    return w - rate * DECAY * w - rate * mean / np.sqrt(square + EPSILON), m, v


def decay_without_rate(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Shrink by the decay alone."""
    m, v = _running(g, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    return w - DECAY * w - rate * mean / (np.sqrt(square) + EPSILON), m, v


def corrected_state(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Hand on the corrected means."""
    m, v = _running(g, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    w = w - rate * DECAY * w - rate * mean / (np.sqrt(square) + EPSILON)
    return w, mean, square


def betas_swapped(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Swap the two decays of the means."""
    m, v = B2 * m + (1 - B2) * g, B1 * v + (1 - B1) * g**2
    mean, square = m / (1 - B2**step), v / (1 - B1**step)
    return w - rate * DECAY * w - rate * mean / (np.sqrt(square) + EPSILON), m, v


def no_root(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Divide by the squares."""
    m, v = _running(g, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    return w - rate * DECAY * w - rate * mean / (square + EPSILON), m, v


def upwards(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Go up the gradient."""
    m, v = _running(g, m, v)
    mean, square = m / (1 - B1**step), v / (1 - B2**step)
    return w - rate * DECAY * w + rate * mean / (np.sqrt(square) + EPSILON), m, v


def in_place(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Write into the arrays that were given."""
    m *= B1
    m += (1 - B1) * g
    v *= B2
    v += (1 - B2) * g**2
    w -= rate * DECAY * w + rate * (m / (1 - B1**step)) / (np.sqrt(v / (1 - B2**step)) + EPSILON)
    return w, m, v


def decay_after(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Shrink the weight that has moved already."""
    m, v = _running(g, m, v)
    w = w - rate * (m / (1 - B1**step)) / (np.sqrt(v / (1 - B2**step)) + EPSILON)
    return w - rate * DECAY * w, m, v


def usual_betas(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Take β₂ = 0.999, the default of PyTorch."""
    m, v = B1 * m + (1 - B1) * g, 0.999 * v + 0.001 * g**2
    mean, square = m / (1 - B1**step), v / (1 - 0.999**step)
    return w - rate * DECAY * w - rate * mean / (np.sqrt(square) + EPSILON), m, v


def corrected_rate(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Correct the rate instead of the means, as Kingma and Ba's section 2 does."""
    m, v = _running(g, m, v)
    root = (1 - B2**step) ** 0.5
    moved = rate * root / (1 - B1**step) * m / (np.sqrt(v) + EPSILON * root)
    return w * (1 - rate * DECAY) - moved, m, v


def number_by_number(w: Any, g: Any, m: Any, v: Any, step: int, rate: float) -> State:
    """Take one weight after the other."""
    flat = [np.asarray(part, dtype=float).ravel() for part in (w, g, m, v)]
    rows = []
    for weight, slope, mean, square in zip(*flat, strict=True):
        mean, square = _running(slope, mean, square)
        down = (square / (1 - B2**step)) ** 0.5 + EPSILON
        rows.append((weight - rate * (DECAY * weight + mean / (1 - B1**step) / down), mean, square))
    new = np.array(rows).T.reshape(3, *np.shape(w))
    return new[0], new[1], new[2]


EXERCISE = Exercise(
    name="adamw_step",
    points=3,
    difficulty=4,
    minutes=20,
    reference="course_lib.exercises.ch03_training.adamw_step:adamw_step",
    cases=cases,
    returns=each(ARRAY, SEQUENCE),
    alternatives=(corrected_rate, number_by_number),
    not_by=("course_lib.training.optimiser:adamw_by_definition", "torch.optim:AdamW",
            "torch.optim:Adam"),
    compare=close(relative=1e-5, absolute=1e-9),
    mistakes=(
        Mistake("not corrected", uncorrected,
                "Both means start at 0 and are too small at first, each by a factor of its own. "
                "Divide them by 1 − β to the power of the step."),
        Mistake("decay in the gradient", coupled,
                "The decay went into the gradient (that is Adam with an L2 penalty), where the "
                "division by the root swallows most of it. AdamW shrinks the weight apart."),
        Mistake("ε below the root", epsilon_inside,
                "ε stands outside of the root. Inside, it is 10⁻⁴ after the root, and tiny "
                "gradients hardly move their weights."),
        Mistake("decay without the rate", decay_without_rate,
                "The weight should shrink by rate × decay. By the decay alone it loses a tenth in "
                "every step, however small the rate."),
        Mistake("corrected means handed on", corrected_state,
                "You returned the corrected means as the state, and the next step would correct "
                "them again. Correct copies."),
        Mistake("β₁ and β₂ swapped", betas_swapped,
                "β₁ = 0.9 belongs to the mean of the gradients, β₂ = 0.95 to that of their "
                "squares."),
        Mistake("no root", no_root,
                "The mean is divided by the *root* of the mean square, so that a gradient twice as "
                "large makes the same step."),
        Mistake("uphill", upwards,
                "The gradient points to where the loss grows. Subtract."),
        Mistake("in place", in_place,
                "m *= β₁ and the like write into the arrays that were handed in, which whoever "
                "called you still holds. Make new ones: m = β₁ * m + …"),
        Mistake("decay after the step", decay_after,
                "The weight shrinks *after* it has moved, so the step just made shrinks too. "
                "Both come off the old weight."),
        Mistake("β₂ = 0.999", usual_betas,
                "0.999 is PyTorch's default. The text asks for β₂ = 0.95, as language models are "
                "trained."),
    ),
    hints=(
        "In the very first step, with m = v = 0: what are m and v after it, for a gradient of 5? "
        "And what should the mean of one gradient be?",
        "Four lines: the new m, the new v, both divided by 1 − β ** step (under other names), then "
        "the weight: shrunk, and moved.",
        "w = w − rate * decay * w − rate * mean / (np.sqrt(square) + epsilon)",
    ),
)  # fmt: skip
