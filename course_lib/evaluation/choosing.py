"""Choosing among settings: a grid, random draws, successive halving, and what the choice costs.

The best of many scores is too good: it was chosen partly for its luck. So a choice is made on
validation data, and the chosen one is measured on data that took no part in it. ``nested_search``
does both in folds and reports the difference, the *optimism* of the choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from course_lib.errors import InputError
from course_lib.evaluation.folds import nested_folds

Settings = dict[str, Any]
Score = Callable[[Settings, np.ndarray, np.ndarray], float]


@dataclass(frozen=True)
class Trial:
    """Settings that were tried, and the score that they reached."""

    settings: Settings
    score: float


@dataclass(frozen=True)
class NestedResult:
    """What was chosen in each outer fold, how it looked there, and what it is worth outside."""

    choices: tuple[Settings, ...]
    inner_scores: tuple[float, ...]
    outer_scores: tuple[float, ...]

    @property
    def score(self) -> float:
        """The mean score on examples that took no part in the choice: the one to report."""
        return float(np.mean(self.outer_scores))

    @property
    def optimism(self) -> float:
        """How much better the chosen settings looked where they were chosen."""
        return float(np.mean(self.inner_scores)) - self.score


def grid(space: Mapping[str, Sequence[Any]]) -> list[Settings]:
    """Return all combinations of the values of ``space``; raises ``InputError`` for an empty list.

    >>> grid({"depth": [1, 2], "rate": [0.1]})
    [{'depth': 1, 'rate': 0.1}, {'depth': 2, 'rate': 0.1}]
    """
    _check(space)
    return [dict(zip(space, values, strict=True)) for values in product(*space.values())]


def random_settings(
    space: Mapping[str, Sequence[Any] | Callable[[np.random.Generator], Any]],
    count: int,
    *,
    generator: np.random.Generator,
) -> list[Settings]:
    """Return ``count`` random settings: a value of each list, or what each function draws.

    For the same number of trials, random draws try more values of what matters than a grid does
    (Bergstra and Bengio, *Random search for hyper-parameter optimization*, 2012).

    >>> space = {"rate": log_uniform(1e-4, 1e-1), "depth": [1, 2, 3]}
    >>> settings = random_settings(space, 5, generator=np.random.default_rng(0))
    >>> all(1e-4 <= one["rate"] <= 1e-1 for one in settings)
    True
    """
    if count < 1:
        raise InputError("the number of settings", expected="at least 1", got=count)
    _check({name: values for name, values in space.items() if not callable(values)})
    return [
        {
            name: values(generator)
            if callable(values)
            else values[int(generator.integers(len(values)))]
            for name, values in space.items()
        }
        for _ in range(count)
    ]


def log_uniform(low: float, high: float) -> Callable[[np.random.Generator], float]:
    """Return a draw that is as often between 0.001 and 0.01 as between 0.01 and 0.1.

    >>> round(log_uniform(1.0, 1.0)(np.random.default_rng(0)), 6)
    1.0
    """
    if not 0 < low <= high:
        raise InputError("the bounds", expected="0 < low ≤ high", got=(low, high))
    return lambda generator: float(np.exp(generator.uniform(np.log(low), np.log(high))))


def search(settings: Sequence[Settings], score: Callable[[Settings], float]) -> list[Trial]:
    """Return a trial of each setting, the best (highest score) first; NaN comes last.

    >>> search(grid({"x": [1, 2, 3]}), lambda one: -abs(one["x"] - 2))[0].settings
    {'x': 2}
    """
    if not len(settings):
        raise InputError("the settings", expected="at least one", got="none")
    return _ranked([Trial(dict(one), float(score(one))) for one in settings])


def successive_halving(
    settings: Sequence[Settings],
    score: Callable[[Settings, int], float],
    *,
    least: int,
    most: int,
    factor: int = 3,
) -> list[list[Trial]]:
    """Return the rounds: try all settings on a small budget, keep one in ``factor``, and go on.

    ``score(settings, budget)`` trains with that many examples or steps; the budget grows by
    ``factor`` from ``least`` to ``most``. The last round's first trial is the winner. From:
    Jamieson and Talwalkar, *Non-stochastic best arm identification and hyperparameter
    optimization*, 2016, https://arxiv.org/abs/1502.07943.

    >>> rounds = successive_halving(grid({"x": list(range(9))}), lambda one, budget: one["x"],
    ...                             least=1, most=9)
    >>> [len(trials) for trials in rounds], rounds[-1][0].settings
    ([9, 3, 1], {'x': 8})
    """
    if not (1 <= least <= most and factor >= 2):
        raise InputError(
            "the budgets", expected="1 ≤ least ≤ most, factor ≥ 2", got=(least, most, factor)
        )
    rounds, left, budget = [], list(settings), least
    while True:
        spent = min(budget, most)
        rounds.append(search(left, lambda one: score(one, spent)))  # noqa: B023 - called at once
        if spent == most:
            return rounds
        left = [trial.settings for trial in rounds[-1][: max(len(left) // factor, 1)]]
        # a lone survivor is measured once more, with all there is
        budget = most if len(left) == 1 else budget * factor


def nested_search(
    settings: Sequence[Settings],
    score: Score,
    count: int,
    *,
    outer: int = 5,
    inner: int = 3,
    generator: np.random.Generator,
    labels: Any = None,
    groups: Any = None,
) -> NestedResult:
    """Choose among ``settings`` in inner folds, and measure each choice in the outer fold.

    ``score(settings, train, test)`` fits on the examples ``train`` (indices) and returns the score,
    higher is better, on ``test``. Raises as ``nested_folds``.

    >>> result = nested_search(grid({"x": [0, 1]}), lambda one, train, test: float(one["x"]), 20,
    ...                        generator=np.random.default_rng(0))
    >>> result.choices[0], result.score, result.optimism
    ({'x': 1}, 1.0, 0.0)
    """
    choices, inner_scores, outer_scores = [], [], []
    pairs = nested_folds(count, outer, inner, generator=generator, labels=labels, groups=groups)
    for fold, folds in pairs:
        trials = search(
            settings,
            lambda one: float(np.mean([score(one, part.train, part.test) for part in folds])),  # noqa: B023
        )
        choices.append(trials[0].settings)
        inner_scores.append(trials[0].score)
        outer_scores.append(float(score(trials[0].settings, fold.train, fold.test)))
    return NestedResult(tuple(choices), tuple(inner_scores), tuple(outer_scores))


def _ranked(trials: list[Trial]) -> list[Trial]:
    return sorted(trials, key=lambda trial: (np.isnan(trial.score), -trial.score))


def _check(space: Mapping[str, Any]) -> None:
    for name, values in space.items():
        if isinstance(values, str) or not len(values):
            raise InputError(f"the values of {name}", expected="a list, not empty", got=values)
