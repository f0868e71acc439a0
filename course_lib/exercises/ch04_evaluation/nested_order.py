"""Exercise: put the lines of a nested cross-validation in order, and leave two out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake


def nested_order() -> list[str]:
    """Return the letters of the lines, in their order."""
    return ["D", "F", "A", "G", "C", "H", "B"]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the one question."""
    yield Case("your order")


def best_inner_score() -> list[str]:
    """Report the score by which the settings were chosen."""
    return ["D", "F", "A", "G", "C", "E", "B"]


def scaled_first() -> list[str]:
    """Fit the scaler on all examples before the folds."""
    return ["I", "D", "F", "A", "G", "C", "H", "B"]


def without_a_new_fit() -> list[str]:
    """Measure a model that was fitted on a part of the training."""
    return ["D", "F", "A", "G", "H", "B"]


def chosen_in_each_step() -> list[str]:
    """Choose before the scores are kept."""
    return ["D", "F", "G", "A", "C", "H", "B"]


def measured_before_the_fit() -> list[str]:
    """Measure on the test before the model is fitted."""
    return ["D", "F", "A", "G", "H", "C", "B"]


def loops_exchanged() -> list[str]:
    """Put the outer folds inside."""
    return ["F", "D", "A", "G", "C", "H", "B"]


EXERCISE = Exercise(
    name="nested_order",
    kind="order",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.exercises.ch04_evaluation.nested_order:nested_order",
    cases=cases,
    mistakes=(
        Mistake("the chosen score reported", best_inner_score,
                "Line E keeps the score by which the settings were *chosen*: it is the best of "
                "many, so partly luck. Keep the score on the test, which took no part."),
        Mistake("scaled before the split", scaled_first,
                "Line I fits the scaler on all examples, those of every test too. What is fitted "
                "belongs inside, on the training part: leave I out."),
        Mistake("no new fit", without_a_new_fit,
                "After the choice there is no model yet: only those of the inner folds, fitted "
                "on parts. Fit the chosen settings on all of train: line C."),
        Mistake("chosen too early", chosen_in_each_step,
                "Line G compares scores that line A has not kept yet. Keep them all, then choose."),
        Mistake("measured before the fit", measured_before_the_fit,
                "Line H measures a model that line C fits only afterwards."),
        Mistake("loops exchanged", loops_exchanged,
                "The settings are tried within each outer fold, for its own training part: the "
                "outer folds come first."),
    ),
    hints=(
        "Which loop is the outermost: over folds, or over settings?",
        "Two lines do not belong: one looks at all examples, one keeps a score that was chosen.",
        "Outer folds; settings; inner scores; then choose; fit on train; measure on test; and the "
        "mean at the very end.",
    ),
)  # fmt: skip
