"""The bootstrap: how much would the score change if the test examples were others of their kind?

Draw as many examples as there are, with replacement; score them; repeat; and read the interval off
the scores. Resample *examples*, each with all that belongs to it, and for two models the same
examples for both (**paired**): most examples are equally hard for both, and only the difference
counts. From: Efron and Tibshirani, *An introduction to the bootstrap*, 1993.

Most scores are a formula of sums over examples: hits, squared errors, the cells of a confusion
matrix, BLEU's n-grams. So resampling is one matrix product, counts (resample, example) times
statistics (example, statistic), and examples with equal statistics are drawn together: ten
thousand resamples of a million labels are ten thousand draws of a small table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.checking import as_array, finite
from course_lib.evaluation.class_labels import paired
from course_lib.evaluation.intervals import Interval
from course_lib.evaluation.metrics.averaging import f_beta
from course_lib.evaluation.metrics.confusion import confusion_matrix

RESAMPLES = 2000
CELLS = 1 << 22  # numbers that are held at once
Formula = Callable[[Any], Any]


def mean_of_sums(sums: Any) -> Any:
    """Return the mean from sums (…, 2) of a value and of the examples: the plainest formula.

    >>> float(mean_of_sums(np.array([3.0, 4.0])))
    0.75
    """
    return sums[..., 0] / sums[..., 1]


def bootstrap_scores(
    statistics: Any,
    formula: Formula = mean_of_sums,
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
    strata: Any = None,
) -> Float[np.ndarray, " resample"]:
    """Return the score of each resample.

    ``statistics`` is (example, statistic); with one axis it is a value an example, and the mean is
    scored. ``formula`` turns sums (resample, statistic) into scores (resample,). With ``strata``, a
    label for each example, each stratum keeps its size. Raises ``ShapeError`` and ``InputError``
    for bad input.

    >>> right = np.array([1.0] * 9 + [0.0])
    >>> scores = bootstrap_scores(right, generator=np.random.default_rng(0), resamples=4000)
    >>> round(float(scores.mean()), 2), round(float(scores.std()), 2)
    (0.9, 0.09)
    """
    table = _table(statistics)
    if resamples < 1:
        raise InputError("the resamples", expected="at least 1", got=resamples)
    sums = np.zeros((resamples, table.shape[1]))
    for rows in _strata(strata, len(table)):
        sums += _resampled(table[rows], resamples, generator)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: np.ndarray = np.asarray(formula(sums), float)
    return scores


def bootstrap(
    statistics: Any,
    formula: Formula = mean_of_sums,
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    strata: Any = None,
) -> Interval:
    """Return the score of all examples with its percentile interval; arguments as above.

    Resamples whose score is undefined are left out. Raises as ``bootstrap_scores``.

    >>> print(bootstrap([1.0] * 90 + [0.0] * 10, generator=np.random.default_rng(0)))
    0.900 [0.840, 0.960]
    """
    scores = bootstrap_scores(
        statistics, formula, generator=generator, resamples=resamples, strata=strata
    )
    estimate = float(formula(_table(statistics).sum(axis=0)))
    return _interval(estimate, scores, level)


def paired_bootstrap(
    first: Any,
    second: Any,
    formula: Formula = mean_of_sums,
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    strata: Any = None,
) -> Interval:
    """Return the score of the first model less that of the second, on the same resamples.

    Statistics as in ``bootstrap_scores``, of the same examples in the same order. The models
    differ, at this level, where 0 is not in the interval.

    >>> first, second = np.array([1.0] * 8 + [0.0] * 2), np.array([1.0] * 6 + [0.0] * 4)
    >>> print(paired_bootstrap(first, second, generator=np.random.default_rng(0)))
    0.200 [0.000, 0.500]
    """
    one, other = _table(first), _table(second)
    if one.shape != other.shape:
        raise ShapeError("the second model's statistics", expected=one.shape, got=other.shape)
    width = one.shape[1]

    def difference(sums: Any) -> Any:
        return formula(sums[..., :width]) - formula(sums[..., width:])

    both = np.concatenate([one, other], axis=1)
    return bootstrap(
        both, difference, generator=generator, resamples=resamples, level=level, strata=strata
    )


def confusion_statistics(
    predictions: Any, targets: Any
) -> tuple[Int[np.ndarray, "example cell"], Formula]:
    """Return what to resample for scores of labels, and the formula of their macro F1.

    Each example is a one in the cell of the confusion matrix that it falls into.

    >>> statistics, macro_f1 = confusion_statistics([0, 1, 1], [0, 1, 0])
    >>> statistics.shape, round(float(macro_f1(statistics.sum(axis=0))), 3)
    ((3, 4), 0.667)
    """
    classes = confusion_matrix(predictions, targets).classes
    size = len(classes)
    predicted, true = map(as_array, paired(predictions, targets))
    rows, columns = (np.searchsorted(classes, one) for one in (true, predicted))
    statistics = np.zeros((len(rows), size * size), np.int64)
    statistics[np.arange(len(rows)), rows * size + columns] = 1

    def macro_f1(sums: Any) -> Any:
        cells = np.asarray(sums).reshape(*np.shape(sums)[:-1], size, size)
        hits = np.diagonal(cells, axis1=-2, axis2=-1)
        return f_beta(hits, cells.sum(-2), cells.sum(-1), average="macro")

    return statistics, macro_f1


def _interval(estimate: float, scores: np.ndarray, level: float) -> Interval:
    if not 0 < level < 1:
        raise InputError("the level", expected="between 0 and 1, such as 0.95", got=level)
    tail = (1 - level) / 2
    low, high = np.nanquantile(scores, [tail, 1 - tail])
    return Interval(estimate, float(low), float(high), level)


def _table(statistics: Any) -> np.ndarray:
    table = finite(as_array(statistics), "the statistics").astype(np.float64)
    if table.ndim == 1:
        table = np.stack([table, np.ones(len(table))], axis=1)
    if table.ndim != 2:
        raise ShapeError("the statistics", expected="(example, statistic)", got=table.shape)
    if not len(table):
        raise InputError("the statistics", expected="at least one example", got="none")
    return table


def _strata(strata: Any, count: int) -> Iterator[Any]:
    if strata is None:
        yield slice(None)
        return
    labels = as_array(strata)
    if labels.shape != (count,):
        raise ShapeError("the strata", expected=f"({count},)", got=labels.shape)
    yield from (np.flatnonzero(labels == name) for name in np.unique(labels))


def _resampled(table: np.ndarray, resamples: int, generator: np.random.Generator) -> np.ndarray:
    """Return the sums (resample, statistic) of resampled rows."""
    count = len(table)
    kinds, counts = np.unique(table, axis=0, return_counts=True)
    if len(kinds) * 8 < count:
        drawn = generator.multinomial(count, counts / count, size=resamples)
        sums: np.ndarray = drawn @ kinds
        return sums
    sums = np.empty((resamples, table.shape[1]))
    step = max(CELLS // count, 1)
    for start in range(0, resamples, step):
        part = min(step, resamples - start)
        chosen = generator.integers(count, size=(part, count))
        chosen += np.arange(part)[:, None] * count
        times = np.bincount(chosen.ravel(), minlength=part * count).reshape(part, count)
        sums[start : start + part] = times.astype(float) @ table
    return sums
