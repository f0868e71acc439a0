"""Exercise: Holm's correction for many comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two p-values first; then ordered, unordered, equal ones, ones near 1, and more."""
    yield Case("by hand", [0.01, 0.04])
    yield Case("out of order", [0.04, 0.01, 0.035])
    yield Case("none below a smaller one's", [0.01, 0.02, 0.022, 0.021])
    yield Case("near one", [0.6, 0.9, 0.02])
    yield Case("equal ones", [0.02, 0.3, 0.02, 0.01, 0.02])
    yield Case("one alone", [0.03])
    yield Case(
        "many", np.r_[rng.random(6) * 0.1, rng.random(3)].round(4)[rng.permutation(9)].tolist()
    )


def by_ranks(p_values: Any) -> Any:
    """Be right with the places of the places: where each value goes in the sorted row."""
    order = np.argsort(p_values)
    factors = len(p_values) - np.arange(len(p_values))
    stepped = np.maximum.accumulate(np.sort(p_values) * factors)
    return np.clip(stepped, 0, 1)[np.argsort(order)]


def one_after_the_other(p_values: Any) -> Any:
    """Be right with a loop in Python's own numbers."""
    adjusted, least, left = [0.0] * len(p_values), 0.0, len(p_values)
    for p, place in sorted((p, place) for place, p in enumerate(p_values)):
        least = max(least, min(1.0, p * left))
        adjusted[place] = least
        left -= 1
    return np.array(adjusted)


def bonferroni(p_values: Any) -> Any:
    """Multiply each by their number."""
    return np.minimum(np.asarray(p_values) * len(p_values), 1.0)


def uncorrected(p_values: Any) -> Any:
    """Leave them as they are."""
    return list(p_values)


def _stepped(p_values: Any) -> tuple[Any, Any]:
    values = np.asarray(p_values)
    order = np.argsort(values, kind="stable")
    return values[order] * np.arange(len(values), 0, -1), order


def _placed(stepped: Any, order: Any) -> Any:
    adjusted = np.empty(len(stepped))
    adjusted[order] = stepped
    return adjusted


def may_fall(p_values: Any) -> Any:
    """Forget that none may be below a smaller one's."""
    stepped, order = _stepped(p_values)
    return _placed(np.minimum(stepped, 1.0), order)


def beyond_one(p_values: Any) -> Any:
    """Let probabilities pass 1."""
    stepped, order = _stepped(p_values)
    return _placed(np.maximum.accumulate(stepped), order)


def sorted_away(p_values: Any) -> Any:
    """Return them in rising order."""
    return np.minimum(np.maximum.accumulate(_stepped(p_values)[0]), 1.0)


def false_discoveries(p_values: Any) -> Any:
    """Correct as Benjamini and Hochberg do."""
    values = np.asarray(p_values)
    order = np.argsort(values, kind="stable")
    stepped = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _placed(np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0), order)


def put_back_by_order(p_values: Any) -> Any:
    """Read by the order instead of writing by it."""
    stepped, order = _stepped(p_values)
    return np.minimum(np.maximum.accumulate(stepped), 1.0)[order]


def hochberg(p_values: Any) -> Any:
    """Step up from the largest, as Hochberg does."""
    stepped, order = _stepped(p_values)
    return _placed(np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0), order)


def sidak(p_values: Any) -> Any:
    """Take the powers of Šidák's correction for the products."""
    values = np.asarray(p_values)
    order = np.argsort(values, kind="stable")
    stepped = 1 - (1 - values[order]) ** np.arange(len(values), 0, -1)
    return _placed(np.maximum.accumulate(stepped), order)


EXERCISE = Exercise(
    name="holm",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.evaluation.many_comparisons:holm",
    cases=cases,
    compare=close(),
    returns=ARRAY,
    alternatives=(by_ranks, one_after_the_other),
    not_by=(
        "course_lib.evaluation:holm",
        "statsmodels.stats.multitest:multipletests",
    ),
    mistakes=(
        Mistake("Bonferroni", bonferroni,
                "You multiplied every p-value by their number. Holm's second smallest needs only "
                "m − 1, the third m − 2, and so on: it finds more, and is as safe."),
        Mistake("uncorrected", uncorrected,
                "Nothing was corrected. Of twenty models that differ by luck, one passes 0.05."),
        Mistake("a larger one falls below", may_fall,
                "After the multiplication a larger p-value may be below a smaller one's. Carry "
                "the largest so far along: np.maximum.accumulate."),
        Mistake("a probability above 1", beyond_one,
                "No probability is above 1: cut there."),
        Mistake("in rising order", sorted_away,
                "The values are right, in rising order. Each belongs to its comparison: put them "
                "back to where they came from."),
        Mistake("false discovery rate", false_discoveries,
                "That is Benjamini and Hochberg's correction, which bounds the *share* of false "
                "alarms. Holm bounds the chance of any."),
        Mistake("adjusted[order] puts back", put_back_by_order,
                "stepped[order] sorts once more. order says where each sorted value *came from*: "
                "write to those places, adjusted[order] = stepped."),
        Mistake("Hochberg's correction", hochberg,
                "You carried the smallest down from the largest value: that is Hochberg's step-up, "
                "which needs assumptions. Holm steps down: none below the one before it."),
        Mistake("Šidák's powers", sidak,
                "You took 1 − (1 − p)^k, Šidák's form for independent tests. Holm multiplies by "
                "k, which holds for any."),
    ),
    hints=(
        "If you test twenty things at 0.05, how many pass by luck alone?",
        "Sort them. The smallest is multiplied by m, the next by m − 1; then none may be below the "
        "one before it.",
        "order = np.argsort(p); stepped = np.maximum.accumulate(p[order] * np.arange(m, 0, -1)); "
        "adjusted[order] = np.minimum(stepped, 1).",
    ),
)  # fmt: skip
