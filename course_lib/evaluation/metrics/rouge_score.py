"""ROUGE: how much of a reference summary stands in ours, by words, pairs, or in order.

ROUGE-1 and ROUGE-2 count shared words and pairs, clipped; ROUGE-L the longest common subsequence:
words in the same order, with gaps. Each has a precision, a recall and their F1, of every summary
alone; a corpus has their mean. From: Lin, *ROUGE: a package for automatic evaluation of summaries*,
2004, https://aclanthology.org/W04-1013; numbers as in Google's rouge-score.

The usual tokens are runs of ASCII letters and digits: Chinese vanishes, and scores 0. Give
``tokenize`` for it, ``list`` for characters or a segmenter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError
from course_lib.evaluation.metrics.bleu_score import References
from course_lib.evaluation.metrics.language import check_texts

Kind = int | str
_TOKEN = re.compile(r"[a-z0-9]+")


class Rouge(NamedTuple):
    """Precision, recall and F1, from 0 to 1."""

    precision: float
    recall: float
    f1: float


def rouge(
    predictions: Sequence[str], references: References, kind: Kind = "L", **how: Any
) -> Rouge:
    """Return the mean ROUGE over the summaries; ``how`` as in ``rouge_scores``.

    >>> rouge(["the cat sat"], ["the cat sat down"], kind=1)
    Rouge(precision=1.0, recall=0.75, f1=0.8571428571428571)
    """
    return Rouge(*rouge_scores(predictions, references, kind, **how).mean(axis=0).tolist())


def rouge_scores(
    predictions: Sequence[str],
    references: References,
    kind: Kind = "L",
    *,
    stem: bool = False,
    tokenize: Callable[[str], list[str]] | None = None,
) -> Float[np.ndarray, "summary 3"]:
    """Return precision, recall and F1 of each summary; of several references the best F1's.

    ``kind`` is n for ROUGE-n, or "L". ``stem`` cuts English words of over three letters to Porter's
    stems. Raises ``ShapeError`` for unequal lengths, ``InputError`` for none or an unknown kind.

    >>> rouge_scores(["我们学习"], ["我们 学习语言"], 2, tokenize=list).round(2).tolist()
    [[0.67, 0.33, 0.44]]
    """
    check_texts(predictions, references)
    if kind != "L" and not (isinstance(kind, int) and 1 <= kind <= 9):
        raise InputError("the kind of ROUGE", expected='1 to 9, or "L"', got=repr(kind))
    cut = tokenize or (_stems if stem else _words)
    rows = []
    for prediction, wanted in zip(predictions, references, strict=True):
        texts = [wanted] if isinstance(wanted, str) else wanted
        if not len(texts):
            raise InputError("the references of a summary", expected="at least one", got="none")
        ours = cut(prediction)
        rows.append(max((_score(ours, cut(text), kind) for text in texts), key=lambda s: s.f1))
    return np.array(rows)


def longest_common_subsequence(first: Sequence[Any], second: Sequence[Any]) -> int:
    """Return how many items stand in both in the same order, with gaps.

    A row of the usual table is kept as the bits of one integer, so that a whole row is an addition
    (Hyyrö, *Bit-parallel LCS-length computation revisited*, 2004).

    >>> longest_common_subsequence("the cat sat", "a cat is at")
    8
    """
    places: dict[Any, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for item in second:
        met = row & places.get(item, 0)
        row = ((row + met) | (row - met)) & full
    return len(first) - row.bit_count()


def _score(ours: list[str], theirs: list[str], kind: Kind) -> Rouge:
    if isinstance(kind, str):
        shared = longest_common_subsequence(ours, theirs)
        above, below = len(ours), len(theirs)
    else:
        one, other = _ngrams(ours, kind), _ngrams(theirs, kind)
        shared, above, below = (one & other).total(), one.total(), other.total()
    precision, recall = shared / max(above, 1), shared / max(below, 1)
    both = precision + recall
    return Rouge(precision, recall, 2 * precision * recall / both if both else 0.0)


def _ngrams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _stems(text: str) -> list[str]:
    stems = (_stem(word) if len(word) > 3 else word for word in _words(text))
    return [stem for stem in stems if _TOKEN.fullmatch(stem)]


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    stem: str = _stemmer().stem(word)
    return stem


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()
