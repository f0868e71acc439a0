"""Exercise: vectorise a listing that computes cosine similarities pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch01_preprocessing.probes import call_counting_steps_and_warnings
from course_lib.exercises.comparison import Comparison
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.returned import ARRAY

MOST_STEPS = 600
"""Lines of Python that a call may run: arrays need a dozen, a loop over 620 rows runs more."""

_near = close(relative=1e-6, absolute=1e-9)


def in_silence(compare: Comparison) -> Comparison:
    """Return a comparison that also asks whether both warned, or neither."""

    def compared(got: Any, expected: Any) -> str | None:
        difference = compare(got, expected)
        if difference is None and got["warned"] != expected["warned"]:
            words = "the right values, with a warning" if got["warned"] else "without a warning"
            return f"{words}: what is divided by 0?"
        return difference

    return compared


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield vectors to work out by hand first; then zeros; then too many for a loop."""
    yield Case("by hand", np.array([[3.0, 4.0]]), np.array([[4.0, 3.0], [-6.0, -8.0]]))
    square = np.array([[1.0, 2.0], [3.0, -1.0]])
    yield Case("as many vectors as dimensions", square, np.array([[0.5, 1.0], [2.0, 7.0]]))
    yield Case("a zero vector", np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[5.0, 0.0]]))
    tiny = np.array([[3e-9, 4e-9], [0.0, 0.0]])
    yield Case("tiny vectors", tiny, np.array([[4e-9, 3e-9], [1e-8, 0.0], [0.0, -5e-9]]))
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


def a_little_added(a: np.ndarray, b: np.ndarray) -> Any:
    """Add a little to every length, so that none is zero."""
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    return a @ b.T / (lengths + 1e-8)


def warned_then_mended(a: np.ndarray, b: np.ndarray) -> Any:
    """Divide by zero, and put 0 in place of nan afterwards."""
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    return np.nan_to_num(a @ b.T / lengths)


def axis_not_kept(a: np.ndarray, b: np.ndarray) -> Any:
    """Divide by flat rows of lengths."""
    one, other = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    return (a / np.where(one == 0, 1, one)) @ (b / np.where(other == 0, 1, other)).T


def as_lists(a: np.ndarray, b: np.ndarray) -> Any:
    """Hand lists back."""
    return scaled_first(a, b).tolist()


def scaled_first(a: np.ndarray, b: np.ndarray) -> Any:
    """Give every vector the length 1 first."""
    one, other = (np.sqrt((x**2).sum(axis=1, keepdims=True)) for x in (a, b))
    return (a / np.where(one == 0, 1, one)) @ (b / np.where(other == 0, 1, other)).T


def by_einsum(a: np.ndarray, b: np.ndarray) -> Any:
    """Write the sums as einsum, and mend nan where warnings are turned off."""
    dot, squares = np.einsum("nd,md->nm", a, b), np.einsum("nd,nd->n", a, a)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(dot / np.sqrt(np.outer(squares, np.einsum("md,md->m", b, b))))


def where_it_is_not_nought(a: np.ndarray, b: np.ndarray) -> Any:
    """Divide only where there is something to divide by."""
    products = a @ b.T
    lengths = np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))
    return np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)


EXERCISE = Exercise(
    name="cosine_similarity",
    points=3,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.text.vectors.cosine:cosine_similarity",
    cases=cases,
    probe=call_counting_steps_and_warnings,
    compare=in_silence(in_few_steps(_near, MOST_STEPS)),
    alike=in_silence(looping_alike(_near, MOST_STEPS)),
    returns=ARRAY,
    alternatives=(scaled_first, by_einsum, where_it_is_not_nought),
    not_by=(
        "course_lib.text:cosine_similarity", "course_lib.text.vectors.cosine:cosine_similarity",
        "sklearn.metrics.pairwise:cosine_similarity", "sklearn.metrics.pairwise:cosine_distances",
        "sklearn.metrics.pairwise:pairwise_distances", "sklearn.metrics:pairwise_distances",
        "scipy.spatial.distance:cdist", "scipy.spatial.distance:cosine",
        "torch.nn.functional:cosine_similarity", "torch:cosine_similarity",
        "torch.nn:CosineSimilarity",
    ),
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
        Mistake("a little added to the lengths", a_little_added,
                "1e-8 keeps the quotient finite and changes it: for tiny vectors it is larger than "
                "the lengths themselves. Divide by 1 exactly where the length is 0."),
        Mistake("divided, warned, mended", warned_then_mended,
                "The values are right, but 0 / 0 was computed first, and NumPy warned. Choose the "
                "divisor before: np.where(lengths == 0, 1, lengths)."),
        Mistake("keepdims missing", axis_not_kept,
                "The lengths are a flat row, and division lays a flat row along the dimensions. "
                "Keep the axis, keepdims=True, so that there is one length for each vector."),
        Mistake("lists in place of an array", as_lists,
                "The right numbers came as lists. The cells below sort and plot an array: leave "
                "out .tolist()."),
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
