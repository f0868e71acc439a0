"""Cosine similarity: how far two vectors point the same way, whatever their lengths.

For rows u of a and v of b it is u·v / (|u| |v|): 1 for the same direction, 0 at right angles,
−1 for the opposite one. A zero vector points nowhere: its similarity to anything is 0 by
convention.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def unit_rows(vectors: Float[np.ndarray, "item dim"]) -> Float[np.ndarray, "item dim"]:
    """Return the rows scaled to length 1; rows of zeros stay as they are.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    scaled = vectors / np.where(largest == 0, 1, largest)  # or the square of 1e-200 would be 0
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    unit: np.ndarray = scaled / np.where(lengths == 0, 1, lengths)
    return unit


def cosine_similarity(
    a: Float[np.ndarray, "first dim"], b: Float[np.ndarray, "second dim"]
) -> Float[np.ndarray, "first second"]:
    """Return the cosine of the angle between each row of ``a`` and each row of ``b``.

    Zero vectors give 0. All pairs at once are one matrix product of unit vectors.

    >>> cosine_similarity(np.array([[1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 5.0], [-1.0, 0.0]]))
    array([[ 1.,  0., -1.]])
    """
    product: np.ndarray = unit_rows(a) @ unit_rows(b).T
    return product


def cosine_similarity_by_definition(
    a: Float[np.ndarray, "first dim"], b: Float[np.ndarray, "second dim"]
) -> Float[np.ndarray, "first second"]:
    """Return what ``cosine_similarity`` returns, pair by pair and number by number.

    >>> cosine_similarity_by_definition(np.array([[3.0, 4.0]]), np.array([[4.0, 3.0]]))
    array([[0.96]])
    """
    similarity = np.zeros((len(a), len(b)))
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            dot = sum(x * y for x, y in zip(u, v, strict=True))
            lengths = sum(x * x for x in u) ** 0.5 * sum(y * y for y in v) ** 0.5
            similarity[i, j] = dot / lengths if lengths else 0.0
    return similarity
