"""Word vectors: a row of a matrix for each word, however it was trained."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.text.vectors.cosine import unit_rows
from course_lib.text.vectors.similarity import analogy_accuracy, nearest
from course_lib.text.vectors.vector_files import read_vectors, write_vectors


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, the word of each row in the same place.

    Raises ``ShapeError`` where words and rows differ in number, and ``InputError`` where a word
    comes twice or a number is not finite.

    >>> vectors = WordVectors(("king", "man", "woman", "queen"),
    ...                       np.array([[3.0, 0.1], [1.0, 0.0], [1.0, 1.0], [3.0, 3.2]]))
    >>> vectors.most_similar("woman", count=1)[0][0]
    'queen'
    >>> vectors.analogy("man", "king", "woman")
    'queen'
    """

    words: tuple[str, ...]
    matrix: Float[np.ndarray, "word dim"]

    def __post_init__(self) -> None:
        if len(self.words) != len(self.matrix):
            raise ShapeError("the matrix", expected=f"{len(self.words)} rows", got=len(self.matrix))
        if len(self._ids) < len(self.words):
            raise InputError("the words", expected="each once", got="a word twice")
        if not np.isfinite(self.matrix).all():
            remedy = "training has diverged: take a smaller learning rate"
            raise InputError("the matrix", expected="finite numbers", got="others", remedy=remedy)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def __getitem__(self, word: str) -> Float[np.ndarray, " dim"]:
        """Return the vector of ``word``; raises ``InputError`` for an unknown one."""
        row: np.ndarray = self.matrix[self.id(word)]
        return row

    def id(self, word: str) -> int:
        """Return the row of ``word``; raises ``InputError``, with near words, for an unknown one.

        >>> WordVectors(("cat", "dog"), np.eye(2)).id("dog")
        1
        """
        if word not in self._ids:
            near = difflib.get_close_matches(str(word), self.words[:20_000], n=3)
            remedy = f"did you mean {' or '.join(near)}?" if near else ""
            raise InputError(f"the word {word!r}", got="no vector", remedy=remedy)
        return self._ids[word]

    def most_similar(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """Return the ``count`` words nearest to ``word`` by cosine, itself left out.

        >>> WordVectors(("a", "b", "c"), np.array([[1.0, 0.0], [0.0, 1.0], [4.0, 3.0]])).most_similar("a", 1)
        [('c', 0.8)]
        """  # noqa: E501
        own = np.array([[self.id(word)]])
        ids, cosines = nearest(self.matrix[own[0]], self.matrix, count, excluded=own)
        pairs = zip(ids[0], cosines[0], strict=True)
        return [(self.words[i], round(float(cosine), 6)) for i, cosine in pairs]

    def analogy(self, a: str, b: str, c: str) -> str:
        """Return the word d such that a : b = c : d, by 3CosAdd; never one of the three."""
        return self.analogies(a, b, c, count=1)[0][0]

    def analogies(self, a: str, b: str, c: str, count: int = 10) -> list[tuple[str, float]]:
        """Return the ``count`` best words for a : b = c : ?, with the cosine of each, best first.

        >>> vectors = WordVectors(tuple("abcd"), np.array([[1, 0.0], [1, 1], [3, 0.1], [3, 3.2]]))
        >>> vectors.analogies("a", "b", "c", count=1)[0][0]
        'd'
        """
        question = np.array([[self.id(word) for word in (a, b, c)]])
        one, other, third = self._unit[question[0]]
        ids, cosines = nearest((other - one + third)[None], self._unit, count, excluded=question)
        pairs = zip(ids[0], cosines[0], strict=True)
        return [(self.words[i], round(float(cosine), 6)) for i, cosine in pairs]

    def analogy_score(self, questions: Sequence[Sequence[str]]) -> tuple[float, int]:
        """Return the share of questions (a, b, c, d) answered rightly, and how many were asked.

        Only questions whose four words all have vectors are asked, as is usual: report both
        numbers. Raises ``InputError`` when there are none.
        """
        known = [q for q in questions if all(word in self._ids for word in q)]
        ids = np.array([[self._ids[word] for word in q] for q in known], dtype=int).reshape(-1, 4)
        return analogy_accuracy(self.matrix, ids), len(known)

    def save_word2vec(self, path: str | os.PathLike[str]) -> None:
        """Write the vectors in word2vec's text format, which Gensim reads."""
        write_vectors(path, self.words, self.matrix, header=True)

    def save_glove(self, path: str | os.PathLike[str]) -> None:
        """Write the vectors in GloVe's text format."""
        write_vectors(path, self.words, self.matrix, header=False)

    @classmethod
    def load(cls, path: str | os.PathLike[str], limit: int | None = None) -> WordVectors:
        """Read a file in word2vec's text format or in GloVe's, at most ``limit`` words.

        Raises ``DataError`` for a file that is missing, cut off or of another kind.
        """
        return cls(*read_vectors(path, limit))

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def _unit(self) -> np.ndarray:
        return unit_rows(self.matrix)
