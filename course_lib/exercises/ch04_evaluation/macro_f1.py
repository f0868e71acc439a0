"""Exercise: the macro F1 of a confusion matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def macro_f1(counts: Any) -> float:
    """Return the mean of the classes' F1 from counts (target, prediction)."""
    hits, predicted, there = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    return float(np.mean(2 * hits / (predicted + there)))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two classes by hand; then an imbalance, classes never predicted or never hit, more."""
    yield Case("by hand", np.array([[3, 1], [2, 4]]))
    yield Case("a rare class", np.array([[90, 0], [8, 2]]))
    yield Case("a class never predicted", np.array([[5, 0, 1], [2, 0, 0], [1, 0, 3]]))
    yield Case("a class never hit", np.array([[0, 2], [3, 4]]))
    yield Case("more classes", rng.integers(1, 9, (4, 4)) + np.diag([9, 0, 3, 20]))


def class_by_class(counts: Any) -> float:
    """Be right with a loop over the classes, in Python's own numbers."""
    size, table = len(counts), counts.tolist()
    scores = []
    for k in range(size):
        missed = sum(table[k]) - table[k][k]
        false = sum(table[row][k] for row in range(size)) - table[k][k]
        scores.append(table[k][k] / (table[k][k] + (missed + false) / 2))
    return float(sum(scores) / size)


def harmonic(counts: Any) -> Any:
    """Be right with precision and recall, and 0 where both are 0 or undefined."""
    precision, recall = (np.nan_to_num(part) for part in _parts(counts))
    both = precision + recall
    return (2 * precision * recall / np.where(both == 0, 1, both)).mean()


def _parts(counts: Any) -> tuple[Any, Any]:
    with np.errstate(all="ignore"):
        hits = counts.diagonal()
        return hits / counts.sum(axis=0), hits / counts.sum(axis=1)


def micro(counts: Any) -> Any:
    """Pool the counts of all classes."""
    return counts.trace() / counts.sum()


def weighted(counts: Any) -> Any:
    """Weight each class by its size."""
    hits, predicted, there = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    return np.average(2 * hits / (predicted + there), weights=there)


def f1_of_averages(counts: Any) -> Any:
    """Average precision and recall first."""
    precision, recall = (np.nan_to_num(part).mean() for part in _parts(counts))
    return 2 * precision * recall / (precision + recall)


def zero_over_zero(counts: Any) -> Any:
    """Divide without a thought."""
    precision, recall = _parts(counts)
    with np.errstate(all="ignore"):
        return np.mean(2 * precision * recall / (precision + recall))


def undefined_left_out(counts: Any) -> Any:
    """Leave out the classes whose F1 is 0 / 0."""
    precision, recall = _parts(counts)
    with np.errstate(all="ignore"):
        return np.nanmean(2 * precision * recall / (precision + recall))


def arithmetic_mean(counts: Any) -> Any:
    """Take the mean of precision and recall."""
    precision, recall = _parts(counts)
    return np.mean((np.nan_to_num(precision) + np.nan_to_num(recall)) / 2)


def mean_recall(counts: Any) -> Any:
    """Average the recalls alone."""
    return np.mean(counts.diagonal() / counts.sum(axis=1))


def mean_precision(counts: Any) -> Any:
    """Average the precisions alone."""
    return np.nan_to_num(_parts(counts)[0]).mean()


def over_the_union(counts: Any) -> Any:
    """Divide the hits by what is predicted or there."""
    hits = counts.diagonal()
    return np.mean(hits / (counts.sum(axis=0) + counts.sum(axis=1) - hits))


def geometric_mean(counts: Any) -> Any:
    """Take the root of precision times recall."""
    precision, recall = (np.nan_to_num(part) for part in _parts(counts))
    return np.sqrt(precision * recall).mean()


EXERCISE = Exercise(
    name="macro_f1",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch04_evaluation.macro_f1:macro_f1",
    cases=cases,
    compare=close(relative=1e-6),
    returns=NUMBER,
    alternatives=(class_by_class, harmonic),
    not_by=(
        "course_lib.evaluation.metrics:f1",
        "course_lib.evaluation.metrics:f_beta",
        "course_lib.evaluation.metrics:ConfusionMatrix",
        "sklearn.metrics:f1_score",
        "sklearn.metrics:fbeta_score",
        "sklearn.metrics:precision_recall_fscore_support",
        "sklearn.metrics:classification_report",
    ),
    mistakes=(
        Mistake("micro instead of macro", micro,
                "You pooled the counts of all classes. With one label for each example that is "
                "plain accuracy, and the large class decides. Score each class first."),
        Mistake("weighted by size", weighted,
                "Each class counts by its size here, so the large one decides again. Macro is the "
                "plain mean: one class, one vote."),
        Mistake("F1 of the averages", f1_of_averages,
                "You averaged precision and recall first and took one F1 of them. That is another "
                "number: take the F1 of each class, then the mean."),
        Mistake("zero over zero", zero_over_zero,
                "A class that is never hit has 0 / 0 somewhere, and one nan makes the mean nan. "
                "2 · hits / (predicted + there) has no such place, and gives 0 there."),
        Mistake("undefined classes left out", undefined_left_out,
                "The classes that were never hit are left out of the mean: the worst ones. Their "
                "F1 is 0, and it counts."),
        Mistake("arithmetic mean", arithmetic_mean,
                "F1 is the *harmonic* mean of precision and recall, which is near to the smaller "
                "of the two."),
        Mistake("recall alone", mean_recall,
                "That is the mean recall, balanced accuracy: it does not mind false alarms. F1 "
                "needs the columns' sums too."),
        Mistake("precision alone", mean_precision,
                "That is the mean precision: it does not mind what was missed. F1 needs the rows' "
                "sums too."),
        Mistake("hits over the union", over_the_union,
                "You divided the hits by what is predicted *or* there (Jaccard, IoU). In F1 the "
                "hits stand twice above, and predicted and there are added below."),
        Mistake("geometric mean", geometric_mean,
                "That is the root of precision times recall. F1 is their *harmonic* mean, "
                "2 · hits / (predicted + there)."),
    ),
    hints=(
        "Where in the matrix are the hits of a class? Where is how often it was predicted?",
        "A row's sum is how often the class is there, a column's how often it was predicted, and "
        "F1 = 2 · hits / (predicted + there).",
        "hits = counts.diagonal(), predicted = counts.sum(axis=0), there = counts.sum(axis=1); "
        "return the mean of the F1s, one for each class.",
    ),
)  # fmt: skip
