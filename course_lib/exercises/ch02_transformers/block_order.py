"""Exercise: put the lines of a pre-norm block in order, and leave three out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.comparison import exactly
from course_lib.exercises.returned import SEQUENCE


def block_order() -> list[str]:
    """Return the letters of the lines, in their order."""
    return ["D", "B", "F", "A", "G"]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the one question."""
    yield Case("your order")


def mlp_first() -> list[str]:
    """Put the MLP first."""
    return ["F", "A", "D", "B", "G"]


def post_norm() -> list[str]:
    """Normalise the sum."""
    return ["D", "B", "F", "C", "G"]


def residual_lost() -> list[str]:
    """Let only attention's output go on."""
    return ["D", "E", "A", "G"]


def residuals_at_the_end() -> list[str]:
    """Add both at the end."""
    return ["D", "F", "B", "A", "G"]


def one_residual() -> list[str]:
    """Leave out the first residual."""
    return ["D", "F", "A", "G"]


def one_text() -> str:
    """Write the letters as one text."""
    return "DBFAG"


def lower_case() -> list[str]:
    """Write the letters in lower case."""
    return ["d", "b", "f", "a", "g"]


def every_line() -> list[str]:
    """Leave no line out."""
    return ["A", "B", "C", "D", "E", "F", "G"]


def nothing_returned() -> list[str]:
    """Leave the return out."""
    return ["D", "B", "F", "A"]


def same_order(got: Any, wrong: Any) -> str | None:
    """Tell two answers apart; all texts are alike, and so are all lists in lower case."""
    if isinstance(got, str) or isinstance(wrong, str):
        return None if isinstance(got, str) and isinstance(wrong, str) else "text and a list"
    return None if _in_lower_case(got) and _in_lower_case(wrong) else exactly(got, wrong)


def _in_lower_case(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(str(letter).islower() for letter in answer)


EXERCISE = Exercise(
    name="block_order",
    points=1,
    difficulty=2,
    minutes=5,
    kind="order",
    reference="course_lib.exercises.ch02_transformers.block_order:block_order",
    cases=cases,
    returns=SEQUENCE,
    alike=same_order,
    mistakes=(
        Mistake("the MLP first", mlp_first,
                "It would run, but in a transformer block attention comes before the MLP: first "
                "the tokens exchange information, then each is transformed by itself."),
        Mistake("post-norm", post_norm,
                "Line C normalises the *sum*: that is post-norm, the way of 2017. In pre-norm the "
                "plain sum x + transformed goes on: line A."),
        Mistake("the residual lost", residual_lost,
                "In line E the MLP reads attention's output *alone*; what was in x before never "
                "reaches it. Add to x first, then line F."),
        Mistake("added too late", residuals_at_the_end,
                "The MLP ran before attention's output was added to x. Each half is added as soon "
                "as it is computed."),
        Mistake("one residual missing", one_residual,
                "Attention's output is never added to x, so attention has no effect at all: "
                "line B."),
        Mistake("text, not a list", one_text,
                "The letters came as one text. Return a list with a text for each letter: "
                "[\"A\", \"G\"]."),
        Mistake("lower case", lower_case,
                "The lines are named by capitals: \"A\", not \"a\"."),
        Mistake("every line", every_line,
                "All seven lines, in the order of the alphabet. Three of them do not belong to a "
                "pre-norm block, and the others run in another order."),
        Mistake("nothing returned by the block", nothing_returned,
                "The order is right, but the block's last line is missing: it must return x."),
    ),
    hints=(
        "A block has two halves. What are they, and which comes first?",
        "Each half is two lines: compute it from a *normalised* x, then add it to the plain x.",
        "attended; x + attended; transformed from norm_2(x); x + transformed; return. "
        "Three lines are traps.",
    ),
)  # fmt: skip
