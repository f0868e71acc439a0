"""Neighbours and analogies among vectors, for many questions in one matrix product.

An analogy *a is to b as c is to …* is answered by the vector nearest to b − a + c, the three
words of the question excluded (3CosAdd: Mikolov, Yih, Zweig, "Linguistic regularities in
continuous space word representations", https://aclanthology.org/N13-1090).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError
from course_lib.text.vectors.cosine import unit_rows

BLOCK = 2**24
"""How many similarities are held at a time: 64 MB of them in single precision."""


def nearest(
    queries: Float[np.ndarray, "query dim"],
    vectors: Float[np.ndarray, "item dim"],
    count: int,
    excluded: Int[np.ndarray, "query some"] | None = None,
) -> tuple[Int[np.ndarray, "query count"], Float[np.ndarray, "query count"]]:
    """Return the items nearest to each query by cosine, and the cosines, best first.

    ``excluded`` names items that a query must not get; of equal cosines the earlier item comes
    first. Raises ``InputError`` for a ``count`` below 1 or above the number of items left.

    >>> ids, cosines = nearest(np.array([[1.0, 0.1]]), np.array([[0.0, 1.0], [1.0, 0.0]]), count=2)
    >>> ids
    array([[1, 0]])
    """
    banned = excluded.shape[1] if excluded is not None else 0
    if not 1 <= count <= len(vectors) - banned:
        raise InputError("count", expected=f"from 1 to {len(vectors) - banned}", got=count)
    ids, cosines = [np.zeros((0, count), int)], [np.zeros((0, count), vectors.dtype)]
    for rows, similarity in _blocks(unit_rows(queries), unit_rows(vectors)):
        if excluded is not None:
            np.put_along_axis(similarity, excluded[rows], -np.inf, axis=1)
        best = _largest(similarity, count)
        ids.append(best)
        cosines.append(np.take_along_axis(similarity, best, axis=1))
    return np.concatenate(ids), np.concatenate(cosines)


def solve_analogies(
    vectors: Float[np.ndarray, "item dim"], questions: Int[np.ndarray, "question 3"]
) -> Int[np.ndarray, " question"]:
    """Return, for each question (a, b, c), the item d such that a : b = c : d, by 3CosAdd.

    The vectors count with length 1, and none of a, b, c is ever the answer.

    >>> vectors = np.array([[1.0, 0.0], [1.0, 1.0], [3.0, 0.1], [3.0, 3.2]])
    >>> solve_analogies(vectors, np.array([[0, 1, 2]]))
    array([3])
    """
    unit = unit_rows(vectors)
    a, b, c = (unit[column] for column in questions.T)
    ids, _ = nearest(b - a + c, unit, count=1, excluded=questions)
    return ids[:, 0]


def analogy_accuracy(
    vectors: Float[np.ndarray, "item dim"], questions: Int[np.ndarray, "question 4"]
) -> float:
    """Return the share of questions (a, b, c, d) whose answer by 3CosAdd is d.

    Raises ``InputError`` when there are no questions.

    >>> vectors = np.array([[1.0, 0.0], [1.0, 1.0], [3.0, 0.1], [3.0, 3.2]])
    >>> analogy_accuracy(vectors, np.array([[0, 1, 2, 3], [0, 2, 1, 0]]))
    0.5
    """
    if not len(questions):
        remedy = "are their words in the vocabulary?"
        raise InputError("the questions", expected="at least one", got="none", remedy=remedy)
    return float(np.mean(solve_analogies(vectors, questions[:, :3]) == questions[:, 3]))


def _blocks(queries: np.ndarray, vectors: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    size = max(1, BLOCK // max(1, len(vectors)))
    for start in range(0, len(queries), size):
        rows = slice(start, start + size)
        yield rows, queries[rows] @ vectors.T


def _largest(similarity: np.ndarray, count: int) -> np.ndarray:
    """Return each row's ``count`` largest columns in order, sorting no more than needed."""
    width = similarity.shape[1]
    best: np.ndarray
    if count == 1:
        best = similarity.argmax(axis=1)[:, None]
        return best
    least = np.partition(similarity, width - count, axis=1)[:, [width - count]]
    best = np.empty((len(similarity), count), dtype=np.intp)
    for row, (values, bound) in enumerate(zip(similarity, least, strict=True)):
        candidates = np.flatnonzero(values >= bound)
        best[row] = candidates[np.argsort(-values[candidates], kind="stable")][:count]
    return best
