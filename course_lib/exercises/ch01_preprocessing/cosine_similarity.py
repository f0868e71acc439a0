"""Exercise: vectorise a listing that computes cosine similarities pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.probes import call_counting_steps

MOST_STEPS = 600
"""Lines of Python that a call may run: arrays need a dozen, a loop over 620 rows runs more."""

_near = close(relative=1e-6, absolute=1e-9)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield vectors to work out by hand first; then zeros; then too many for a loop."""
    yield Case("by hand", np.array([[3.0, 4.0]]), np.array([[4.0, 3.0], [-6.0, -8.0]]))
    square = np.array([[1.0, 2.0], [3.0, -1.0]])
    yield Case("as many vectors as dimensions", square, np.array([[0.5, 1.0], [2.0, 7.0]]))
    yield Case("a zero vector", np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[5.0, 0.0]]))
    yield Case("drawn vectors", rng.normal(size=(3, 4)), 10 * rng.normal(size=(5, 4)))
    many = rng.normal(size=(620, 5)), rng.normal(size=(20, 5))
    yield Case("many vectors in few steps", *many)


def loops(a: np.ndarray, b: np.ndarray) -> Any:
    """Go on pair by pair."""
    similarity = np.zeros((len(a), len(b)))
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            lengths = (u @ u) ** 0.5 * (v @ v) ** 0.5
            similarity[i, j] = u @ v / lengths if lengths else 0.0
    return similarity


def dot_products(a: np.ndarray, b: np.ndarray) -> Any:
    """Forget the lengths."""
    return a @ b.T


def zero_over_zero(a: np.ndarray, b: np.ndarray) -> Any:
    """Divide by every length, zero or not."""
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    with np.errstate(all="ignore"):
        return a @ b.T / lengths


def wrong_axis(a: np.ndarray, b: np.ndarray) -> Any:
    """Scale the columns."""
    import numpy as np

    one, other = np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0)
    return (a / np.where(one == 0, 1, one)) @ (b / np.where(other == 0, 1, other)).T


def whole_matrix(a: np.ndarray, b: np.ndarray) -> Any:
    """Take one length for all rows together."""
    return a @ b.T / (np.linalg.norm(a) * np.linalg.norm(b))


def squared_lengths(a: np.ndarray, b: np.ndarray) -> Any:
    """Forget the square root."""
    lengths = (a**2).sum(axis=1)[:, None] * (b**2).sum(axis=1)
    return a @ b.T / np.where(lengths == 0, 1, lengths)


def other_way_round(a: np.ndarray, b: np.ndarray) -> Any:
    """Put the second array's vectors into the rows."""
    lengths = np.linalg.norm(b, axis=1)[:, None] * np.linalg.norm(a, axis=1)
    return b @ a.T / np.where(lengths == 0, 1, lengths)


EXERCISE = Exercise(
    name="cosine_similarity",
    points=3,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.text.vectors.cosine:cosine_similarity",
    cases=cases,
    probe=call_counting_steps,
    compare=in_few_steps(_near, MOST_STEPS),
    alike=looping_alike(_near, MOST_STEPS),
    mistakes=(
        Mistake("still a loop", loops,
                "The values are right, but Python still goes through the vectors one by one. All "
                "dot products at once are one matrix product, a @ b.T; all lengths are one norm "
                "along axis 1."),
        Mistake("lengths forgotten", dot_products,
                "These are dot products: a long vector looks similar to everything. Divide by "
                "the lengths of both vectors."),
        Mistake("zero over zero", zero_over_zero,
                "A zero vector has the length 0, and 0 / 0 is nan. The listing says 0 there: "
                "divide by 1 where the product of the lengths is 0."),
        Mistake("the wrong axis", wrong_axis,
                "The columns were scaled to length 1, not the rows. A vector is a row here: take "
                "the norm along axis 1, and keep that axis."),
        Mistake("one length for all", whole_matrix,
                "np.linalg.norm without an axis is one number for the whole matrix. Each row "
                "needs its own length: axis=1."),
        Mistake("squared lengths", squared_lengths,
                "You divided by the squared lengths. A length is the *root* of the sum of "
                "squares."),
        Mistake("the other way round", other_way_round,
                "The rows belong to the vectors of b. Row i, column j is vector i of a with "
                "vector j of b: a @ b.T."),
    ),
    hints=(
        "What does the matrix product of a, of shape (n, d), with the transpose of b, of shape "
        "(m, d), hold in row i and column j?",
        "A vector divided by its length has length 1, and the cosine of two such vectors is their "
        "dot product. np.linalg.norm(a, axis=1, keepdims=True) has a length for each row.",
        "Scale first: u = a / np.where(n == 0, 1, n) with n the norms of a's rows, v likewise "
        "from b; then return u @ v.T.",
    ),
)  # fmt: skip
