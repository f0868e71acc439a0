"""Where the negatives of skip-gram come from: word frequencies, flattened.

Drawn by plain frequency, nearly every negative would be *the* or *of*; drawn evenly, nearly every
one a word that the text hardly holds. Mikolov et al. found the power 0.75 to lie well between.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num

from course_lib.errors import InputError

EXPONENT = 0.75
"""The power that Mikolov et al. 2013 found best (section 2.2)."""


def negative_distribution(
    counts: Num[np.ndarray, " word"], exponent: float = EXPONENT
) -> Float[np.ndarray, " word"]:
    """Return the probability of each word to be drawn as a negative: countᵉˣᵖᵒⁿᵉⁿᵗ, summing to 1.

    A word that never occurs is never drawn. Raises ``InputError`` where a count is negative or all
    are zero. Source: Mikolov et al., *Distributed Representations of Words and Phrases and their
    Compositionality*, https://arxiv.org/abs/1310.4546

    >>> negative_distribution(np.array([1, 16])).round(3).tolist()  # 1 and 8 parts of 9
    [0.111, 0.889]
    """
    if np.min(counts, initial=0) < 0 or not np.any(counts):
        raise InputError("the counts", expected="none negative, and not all zero", got=counts)
    weights = counts.astype(np.float64) ** exponent
    return np.asarray(weights / weights.sum())
