"""Learning curves: does the model need more examples, or another idea?

Train on growing parts of the training set, score each on the same held-out examples, and see
whether the curve still falls. Errors fall as a + b · n^−c: *a* is what no number of examples
removes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Scores (size, repetition) at each number of training examples."""

    sizes: Int[np.ndarray, " size"]
    scores: Float[np.ndarray, "size repetition"]

    @property
    def means(self) -> Float[np.ndarray, " size"]:
        """The mean score at each size."""
        means: np.ndarray = self.scores.mean(axis=1)
        return means


@dataclass(frozen=True)
class ErrorLaw:
    """The law ``error = floor + scale · n^−rate``, as fitted."""

    floor: float
    scale: float
    rate: float

    def __call__(self, sizes: Any) -> Any:
        """Return the error that the law foretells for ``sizes`` examples."""
        return self.floor + self.scale * np.asarray(sizes, float) ** -self.rate


def learning_curve(
    score: Callable[[np.ndarray], float],
    count: int,
    sizes: Sequence[int],
    *,
    generator: np.random.Generator,
    repetitions: int = 3,
) -> LearningCurve:
    """Return the scores of models trained on growing parts of ``count`` examples.

    ``score`` takes indices into the training set, fits on these alone, and returns the score on
    held-out examples. In each repetition, a smaller part lies within the larger. Raises
    ``InputError`` for sizes that do not rise or exceed ``count``.

    >>> curve = learning_curve(lambda chosen: 1 - 1 / len(chosen), 100, [10, 20],
    ...                        generator=np.random.default_rng(0))
    >>> curve.means.round(3).tolist()
    [0.9, 0.95]
    """
    wanted = np.asarray(sizes)
    if not len(wanted) or wanted[0] < 1 or wanted[-1] > count or (np.diff(wanted) <= 0).any():
        raise InputError("the sizes", expected=f"rising, from 1 to {count}", got=list(sizes))
    if repetitions < 1:
        raise InputError("the repetitions", expected="at least 1", got=repetitions)
    orders = [generator.permutation(count) for _ in range(repetitions)]
    scores = [[float(score(order[:size])) for order in orders] for size in wanted]
    return LearningCurve(wanted, np.array(scores))


def fit_error_law(sizes: Any, errors: Any) -> ErrorLaw:
    """Return the power law nearest to the errors, by least squares, with floor, rate ≥ 0.

    Three numbers need three sizes at least, and tell the future only as far as the law holds:
    *Deep learning scaling is predictable, empirically* (Hestness and others, 2017,
    https://arxiv.org/abs/1712.00409). Raises ``InputError`` for fewer.

    >>> sizes = np.array([50, 100, 200, 400])
    >>> law = fit_error_law(sizes, 0.1 + 2.0 / sizes**0.5)
    >>> round(law.floor, 3), round(law.scale, 3), round(law.rate, 3)
    (0.1, 2.0, 0.5)
    """
    from scipy.optimize import minimize_scalar, nnls

    numbers, seen = np.asarray(sizes, float), np.asarray(errors, float)
    if len(numbers) < 3 or len(numbers) != len(seen) or (numbers <= 0).any():
        raise InputError("the curve", expected="three sizes or more, an error each", got=len(seen))

    def fitted(rate: float) -> tuple[np.ndarray, float]:
        # for a given rate, floor and scale are a plain least-squares problem
        table = np.stack([np.ones(len(numbers)), numbers**-rate], axis=1)
        coefficients, distance = nnls(table, seen)
        return coefficients, float(distance)

    rates = np.linspace(0.05, 2.0, 40)
    best = rates[np.argmin([fitted(rate)[1] for rate in rates])]
    bounds = (max(best - 0.05, 1e-3), best + 0.05)
    exact = minimize_scalar(
        lambda rate: fitted(rate)[1], bounds=bounds, method="bounded", options={"xatol": 1e-9}
    )
    (floor, scale), _ = fitted(float(exact.x))
    return ErrorLaw(float(floor), float(scale), float(exact.x))
