"""A text as numbers, ready for counting and training: words by rank, tokens in a row."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from course_lib.errors import InputError


@dataclass(frozen=True, eq=False)
class Corpus:
    """All sentences in one row: the word of each token and the sentence that it stands in.

    ``words`` are sorted by their ``counts``, greatest first; words rarer than the least count are
    gone from ``ids``, so that the words around them are neighbours, but still count in ``tokens``.
    """

    words: tuple[str, ...]
    counts: Int[np.ndarray, " word"]
    ids: Int[np.ndarray, " token"]
    sentences: Int[np.ndarray, " token"]
    tokens: int


def read_corpus(sentences: Iterable[Sequence[str]], min_count: int = 1) -> Corpus:
    """Read sentences once and number their words that come at least ``min_count`` times.

    Raises ``InputError`` for a sentence that is not cut into words, and where no word is left.

    >>> corpus = read_corpus([["a", "b", "a"], ["c", "a", "b"]], min_count=2)
    >>> corpus.words, corpus.ids.tolist(), corpus.sentences.tolist()
    (('a', 'b'), [0, 1, 0, 0, 1], [0, 0, 0, 1, 1])
    """
    words, ids, lengths = _numbered(sentences)
    counts = np.bincount(ids, minlength=len(words))
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] >= min_count]
    if not len(order):
        expected = f"a word that comes {min_count} times or more"
        raise InputError("the sentences", expected=expected, got=f"{len(ids)} words, none of them")
    ranks = np.full(len(words), -1, np.int32)
    ranks[order] = np.arange(len(order))
    ranked = ranks[ids]
    places = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    kept = tuple(words[i] for i in order)
    return Corpus(kept, counts[order], ranked[ranked >= 0], places[ranked >= 0], len(ids))


def _numbered(sentences: Iterable[Sequence[str]]) -> tuple[list[str], np.ndarray, np.ndarray]:
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids, lengths = array("i"), array("q")
    for sentence in sentences:
        if isinstance(sentence, str):
            remedy = "cut it into words first: tokenize_words(sentence)"
            raise InputError("a sentence", expected="a list of words", got="text", remedy=remedy)
        ids.extend(map(numbers.__getitem__, sentence))
        lengths.append(len(sentence))
    return list(numbers), np.array(ids, np.int32), np.array(lengths, np.int64)
