"""From words to numbers by counting: one-hot vectors, count vectors, TF-IDF.

TF-IDF (Spärck Jones, "A statistical interpretation of term specificity and its application in
retrieval", 1972) weighs a word's count tf in a text by how few of the n training texts hold it:

    idf = ln((1 + n) / (1 + df)) + 1,    weight = tf · idf,    each text then scaled to length 1

With the 1s in the fraction, a word that no training text holds divides by nothing; with the 1
behind it, a word that all texts hold still counts. That is scikit-learn's convention.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.text.token_ids.vocabulary import UNK

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def one_hot(
    words: Sequence[str], ids: Mapping[str, int], unknown: str = UNK
) -> Float[np.ndarray, "word size"]:
    """Return a row for each word, all 0 but for a 1 in the column of the word's number.

    A word without a number counts as ``unknown``; raises ``InputError`` where that has none.

    >>> one_hot(["cat", "yeti"], {"<pad>": 0, "<unk>": 1, "cat": 2})
    array([[0., 0., 1.],
           [0., 1., 0.]])
    """
    columns = [ids.get(word, ids.get(unknown, -1)) for word in words]
    if -1 in columns:
        remedy = f"give {unknown!r} one"
        raise InputError(f"the word {words[columns.index(-1)]!r}", got="no number", remedy=remedy)
    rows = np.zeros((len(words), len(ids)))
    rows[np.arange(len(words)), columns] = 1.0
    return rows


def count_vectors(texts: Iterable[Sequence[str]], ids: Mapping[str, int]) -> csr_matrix:
    """Return how often each text holds each word: a sparse matrix (text, size).

    Words without a number are left out. Equal to scikit-learn's ``CountVectorizer`` with this
    vocabulary and texts that are cut already.

    >>> count_vectors([["to", "be", "to"], []], {"be": 0, "to": 1}).toarray()
    array([[1, 2],
           [0, 0]])
    """
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    ends = [0]
    for text in texts:
        columns += [ids[word] for word in text if word in ids]
        ends.append(len(columns))
    shape = (len(ends) - 1, len(ids))
    counts = csr_matrix((np.ones(len(columns), np.int64), columns, ends), shape=shape)
    counts.sum_duplicates()
    return counts


def tf_idf(
    training: Float[np.ndarray, "text word"], counts: Float[np.ndarray, "other word"]
) -> Float[np.ndarray, "other word"]:
    """Return the TF-IDF vectors of ``counts``, with the idf of the ``training`` counts alone.

    Each row has length 1, but for the zeros of a text without words.

    >>> tf_idf(np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([[3.0, 0.0], [1.0, 1.0]])).round(3)
    array([[1.   , 0.   ],
           [0.58 , 0.815]])
    """
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    scaled: np.ndarray = weights / np.where(lengths == 0, 1, lengths)
    return scaled


@dataclass(frozen=True, eq=False)
class TfIdf:
    """TF-IDF for sparse counts: learnt from the training texts, then applied to any.

    ``sublinear`` takes 1 + ln(tf) in place of tf: the tenth mention of a word tells less than the
    first. Equal to scikit-learn's ``TfidfTransformer`` with its defaults.

    >>> training = count_vectors([["cat", "sat"], ["cat"]], {"cat": 0, "sat": 1})
    >>> TfIdf.fit(training).transform(training).toarray().round(3)
    array([[0.58 , 0.815],
           [1.   , 0.   ]])
    """

    idf: Float[np.ndarray, " word"]
    sublinear: bool = False

    @classmethod
    def fit(cls, counts: Any, *, sublinear: bool = False) -> TfIdf:
        """Learn the idf of each word from counts (text, word), sparse or dense."""
        from scipy.sparse import csr_matrix

        n, df = counts.shape[0], csr_matrix(counts).getnnz(axis=0)
        return cls(np.log((1 + n) / (1 + df)) + 1, sublinear)

    def transform(self, counts: Any) -> csr_matrix:
        """Return the weights (text, word) of counts; raises ``ShapeError`` for other words."""
        from scipy.sparse import csr_matrix

        weights = csr_matrix(counts, dtype=np.float64, copy=True)
        if weights.shape[1] != len(self.idf):
            raise ShapeError("the counts", expected=("text", len(self.idf)), got=weights.shape)
        weights.sum_duplicates()
        weights.eliminate_zeros()
        if self.sublinear:
            weights.data = 1 + np.log(weights.data)
        weights.data *= self.idf[weights.indices]
        lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
        scale = 1 / np.where(lengths == 0, 1, lengths)
        weights.data *= np.repeat(scale, np.diff(weights.indptr))
        return weights
