"""Exercise: put the lines of the training loop in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch03_training.probes import order_of_lines
from course_lib.exercises.comparison import exactly

LINES = "ABCDEFGH"
"""A step, B backward, C for, D clip, E loss, F clear the gradients, G train mode, H evaluate."""


def loop_order() -> str:
    """Return the order that the notebook's text gives; clearing may come last in the loop too."""
    return "GCFEBDAH"


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one case for each rule that an order must keep."""
    for rule in RULES:
        yield Case(rule).setting(rule=rule)


def _each_once(order: str) -> bool:
    return sorted(order) == sorted(LINES)


def _mode_first(order: str) -> bool:
    return order.index("G") < order.index("C") and order.endswith("H")


def _cleared_for_each_batch(order: str) -> bool:
    loop, clear, back, step = (order.index(line) for line in "CFBA")
    return loop < clear and not back < clear < step


def _forward_first(order: str) -> bool:
    return order.index("C") < order.index("E") < order.index("B")


def _clipped_between(order: str) -> bool:
    return order.index("B") < order.index("D") < order.index("A")


RULES = {
    "every line once": _each_once,
    "train before the loop, evaluate after it": _mode_first,
    "gradients cleared for each batch": _cleared_for_each_batch,
    "loss, then backward": _forward_first,
    "backward, then clip, then step": _clipped_between,
}


def keeps_the_rule(got: Any, expected: Any) -> str | None:
    """Say which rule the order breaks; there is more than one right order."""
    order, rule = str(got["order"]).upper(), expected["rule"]
    if not _each_once(order):
        return f"got {order!r}, expected each of {', '.join(LINES)} once"
    return None if RULES[rule](order) else f"{order} breaks the rule: {rule}"


def same_order(got: Any, wrong: Any) -> str | None:
    """Tell two orders apart."""
    return exactly(got["order"], wrong["order"])


def cleared_once() -> str:
    """Clear the gradients before the loop only."""
    return "GFCEBDAH"


def cleared_too_late() -> str:
    """Clear what backward has just computed."""
    return "GCEBFDAH"


def clipped_after() -> str:
    """Clip when the step is done."""
    return "GCFEBADH"


def stepped_first() -> str:
    """Step before there are gradients."""
    return "GCFEABDH"


def evaluated_first() -> str:
    """Evaluate, then train, in whatever mode that left."""
    return "HGCFEBDA"


def backward_first() -> str:
    """Go backward before there is a loss."""
    return "GCFBEDAH"


def a_line_lost() -> str:
    """Leave clipping out."""
    return "GCFEBAH"


EXERCISE = Exercise(
    name="loop_order",
    points=2,
    difficulty=2,
    minutes=8,
    kind="order",
    reference="course_lib.exercises.ch03_training.loop_order:loop_order",
    cases=cases,
    probe=order_of_lines,
    compare=keeps_the_rule,
    alike=same_order,
    mistakes=(
        Mistake("cleared once", cleared_once,
                "Gradients are cleared before the loop only. backward *adds* to them, so the "
                "second step would use both batches' gradients, the third three."),
        Mistake("cleared too late", cleared_too_late,
                "The gradients are cleared after backward and before the step: the step finds "
                "nothing. Clear before backward, or after the step."),
        Mistake("clipped after the step", clipped_after,
                "Clipping changes gradients, and the step has used them already. It belongs "
                "between backward and step."),
        Mistake("step before backward", stepped_first,
                "At the step there are no gradients of this batch yet: backward makes them."),
        Mistake("evaluated first", evaluated_first,
                "The evaluation should tell what the training has reached. After the loop, then."),
        Mistake("backward before the loss", backward_first,
                "backward starts from the loss, so the loss must be there."),
        Mistake("a line lost", a_line_lost,
                "There are eight lines, and each is needed once. Where is clipping?"),
    ),
    hints=(
        "Which line makes something that another line needs?",
        "loss needs a batch, backward the loss, clipping the gradients, the step clipped "
        "gradients. Which two lines stand outside of the loop?",
        "It begins with G C and ends with A H. Between them stand F, E, B and D: clear, loss, "
        "backward, clip.",
    ),
)  # fmt: skip
