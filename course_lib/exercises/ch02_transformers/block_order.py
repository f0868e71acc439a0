"""Exercise: put the lines of a pre-norm block in order, and leave three out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake


def block_order() -> list[str]:
    """Return the letters of the lines, in their order."""
    return ["D", "B", "F", "A", "G"]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the one question."""
    yield Case("your order")


def thinking_first() -> list[str]:
    """Put the feed-forward layer first."""
    return ["F", "A", "D", "B", "G"]


def post_norm() -> list[str]:
    """Normalise the sum."""
    return ["D", "B", "F", "C", "G"]


def residual_lost() -> list[str]:
    """Let only what attention found go on."""
    return ["D", "E", "A", "G"]


def residuals_at_the_end() -> list[str]:
    """Add both at the end."""
    return ["D", "F", "B", "A", "G"]


def one_residual() -> list[str]:
    """Leave out the first residual."""
    return ["D", "F", "A", "G"]


EXERCISE = Exercise(
    name="block_order",
    points=1,
    difficulty=2,
    minutes=5,
    kind="order",
    reference="course_lib.exercises.ch02_transformers.block_order:block_order",
    cases=cases,
    mistakes=(
        Mistake("thinking first", thinking_first,
                "It would run, but the block looks around first and then thinks about what it "
                "saw: attention comes before the feed-forward layer."),
        Mistake("post-norm", post_norm,
                "Line C normalises the *sum*: that is post-norm, the way of 2017. In pre-norm the "
                "plain sum x + thought goes on: line A."),
        Mistake("the residual lost", residual_lost,
                "Line E thinks about what attention found *alone*; what was in x before never "
                "reaches the feed-forward layer. Add to x first, then line F."),
        Mistake("added too late", residuals_at_the_end,
                "The feed-forward layer ran before x had what attention found. Each half is added "
                "as soon as it is there."),
        Mistake("one residual missing", one_residual,
                "What attention found is never added to x, so attention has no effect at all: "
                "line B."),
    ),
    hints=(
        "A block has two halves. What are they, and which comes first?",
        "Each half is two lines: compute it from a *normalised* x, then add it to the plain x.",
        "looked; x + looked; thought from norm_2(x); x + thought; return. Three lines are traps.",
    ),
)  # fmt: skip
