"""Skip-gram's training pairs by their definition: each word with each of its neighbours.

This is the form to read. ``context_pairs`` makes the same pairs with arrays, a thousand times
faster, and a test proves the two equal.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

Word = TypeVar("Word", bound=Hashable)


def skip_gram_pairs(sentences: Sequence[Sequence[Word]], window: int) -> list[tuple[Word, Word]]:
    """Return every pair of a centre word and a context word of the same sentence.

    The context of a word is the ``window`` words before it and the ``window`` words after it. A
    word is never the context of its own position, though it may be that of an equal word nearby.
    Source: Mikolov et al., *Efficient Estimation of Word Representations in Vector Space*,
    https://arxiv.org/abs/1301.3781

    >>> skip_gram_pairs([["the", "cat", "sat"]], window=1)
    [('the', 'cat'), ('cat', 'the'), ('cat', 'sat'), ('sat', 'cat')]
    """
    return [
        (centre, sentence[place])
        for sentence in sentences
        for here, centre in enumerate(sentence)
        for place in range(max(0, here - window), min(len(sentence), here + window + 1))
        if place != here
    ]
