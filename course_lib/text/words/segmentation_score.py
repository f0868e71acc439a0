"""How good a segmentation is: the words that stand at the same place in both, by F1.

A word counts as right when it begins and ends where a word of the gold standard does. Comparing the
words as a set would forgive a wrong cut where the same word occurs elsewhere; comparing boundaries
would reward half a word.

Source: Sproat and Emerson, 2003 (the first SIGHAN bakeoff), https://aclanthology.org/W03-1719/.

>>> segmentation_f1(["研究生", "命", "起源"], ["研究", "生命", "起源"])
0.3333333333333333
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from course_lib.errors import InputError


def segmentation_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    """Return 2 · right / (predicted words + gold words), between 0 and 1.

    A whole corpus is given as one long list of words, sentence after sentence: that weights every
    word alike. Two empty texts agree: 1. Raises ``InputError`` when the two are not the same text.

    >>> segmentation_f1(["我们", "学", "习"], ["我们", "学习"])  # 1 of 3 and 1 of 2 words right
    0.4
    """
    text, gold_text = "".join(predicted), "".join(gold)
    if text != gold_text:
        raise InputError(
            "the predicted words",
            expected="the words of the same text as the gold ones",
            got="another text",
            remedy=_where(text, gold_text),
        )
    if not predicted and not gold:
        return 1.0
    right = set(word_spans(predicted)) & set(word_spans(gold))
    return 2 * len(right) / (len(predicted) + len(gold))


def word_spans(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each word starts and ends, counted in characters of the joined text.

    >>> word_spans(["我们", "学习"])
    [(0, 2), (2, 4)]
    """
    return list(pairwise(accumulate(map(len, words), initial=0)))


def _where(predicted: str, gold: str) -> str:
    pairs = enumerate(zip(predicted, gold, strict=False))
    shorter = min(len(predicted), len(gold))
    place = next((index for index, (one, other) in pairs if one != other), shorter)
    return f"they part at character {place}: {predicted[place:][:8]!r}, {gold[place:][:8]!r}"
