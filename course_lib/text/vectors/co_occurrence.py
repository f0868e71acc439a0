"""Count which words stand near each other: the table that GloVe explains."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from course_lib.errors import InputError
from course_lib.text.vectors.context_pairs import pairs_at_distance
from course_lib.text.vectors.numbered_text import Corpus

STRETCH = 2**18
"""Tokens whose pairs are held at a time."""


def count_co_occurrences(corpus: Corpus, window: int = 10) -> csr_array:
    """Return a sparse table, word by word: how often each two stand near each other.

    Two words of a sentence that stand d ≤ ``window`` apart add 1/d to the cell of each with the
    other; so the table equals its transpose. Raises ``InputError`` for a window below 1. Source:
    Pennington et al., *GloVe: Global Vectors for Word Representation*, section 4.2,
    https://aclanthology.org/D14-1162

    >>> from course_lib.text.vectors.numbered_text import read_corpus
    >>> corpus = read_corpus([["b", "a", "b"], ["c", "b"]])
    >>> corpus.words, count_co_occurrences(corpus).toarray().tolist()
    (('b', 'a', 'c'), [[1.0, 2.0, 1.0], [2.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    """
    if window < 1:
        raise InputError("the window", expected="at least 1", got=window)
    size = len(corpus.words)
    later = csr_array((size, size), dtype=np.float64)
    for start in range(0, len(corpus.ids), STRETCH):
        later = later + _pairs_from(corpus, slice(start, start + STRETCH), window)
    return csr_array(later + later.T)


def _pairs_from(corpus: Corpus, firsts: slice, window: int) -> csr_array:
    """Count the pairs whose earlier word stands in ``firsts``."""
    rows, columns, weights = [], [], []
    for distance in range(1, window + 1):
        part = slice(firsts.start, firsts.stop + distance)
        earlier, later = pairs_at_distance(corpus.ids[part], corpus.sentences[part], distance)
        rows.append(earlier)
        columns.append(later)
        weights.append(np.full(len(earlier), 1 / distance))
    cells = (np.concatenate(rows), np.concatenate(columns))
    size = len(corpus.words)
    return coo_array((np.concatenate(weights), cells), shape=(size, size)).tocsr()
