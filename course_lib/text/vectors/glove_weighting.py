"""How much each cell of the table of co-occurrences matters to GloVe."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num

EXPONENT = 0.75
X_MAX = 100.0
"""Both as in Pennington et al. 2014, section 3."""


def glove_weight(
    counts: Num[np.ndarray, "*shape"], x_max: float = X_MAX, exponent: float = EXPONENT
) -> Float[np.ndarray, "*shape"]:
    """Return GloVe's weight f(x) = min(1, (x / x_max)ᵉˣᵖᵒⁿᵉⁿᵗ) of each count.

    Rare pairs, whose counts are mostly chance, weigh little; beyond ``x_max`` all weigh the same,
    so that *of the* does not drown the rest; pairs never seen weigh nothing, so that the logarithm
    of their zero never matters. Source: Pennington et al., *GloVe: Global Vectors for Word
    Representation*, https://aclanthology.org/D14-1162

    >>> glove_weight(np.array([0.0, 1.0, 16.0, 50.0]), x_max=16.0).tolist()
    [0.0, 0.125, 1.0, 1.0]
    """
    return np.asarray(np.minimum(1.0, (counts / x_max) ** exponent), dtype=np.float64)
