"""How often each word occurs, and in how many documents: what Zipf's law is about.

*The* and *the* are one word here, and marks are none: a token counts when there is a letter in it,
of whatever script. Equal counts stand in the order of the alphabet, so that the same text gives the
same table everywhere.

Source of the law: Zipf, 1949; a critical view: Piantadosi, 2014,
https://doi.org/10.3758/s13423-014-0585-6.

>>> word_frequencies("The cat saw the dog .".split())
{'the': 2, 'cat': 1, 'dog': 1, 'saw': 1}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def word_frequencies(tokens: Iterable[str]) -> dict[str, int]:
    """Return how often each word occurs, in lower case, the most frequent first.

    >>> word_frequencies(["学习", "。", "我们", "学习", "3"])
    {'学习': 2, '我们': 1}
    """
    return _ordered(Counter(filter(is_word, map(str.lower, tokens))))


def document_frequencies(documents: Iterable[Iterable[str]]) -> dict[str, int]:
    """Return in how many documents each word occurs, in lower case, the most frequent first.

    >>> document_frequencies([["a", "b", "A"], ["b"]])
    {'b': 2, 'a': 1}
    """
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(set(filter(is_word, map(str.lower, document))))
    return _ordered(counts)


def is_word(token: str) -> bool:
    """Return whether there is a letter in ``token``: of *don't* and 猫 yes, of *3.14* and 。 no.

    >>> [token for token in ["don't", "猫", "3.14", "。", "A4"] if is_word(token)]
    ["don't", '猫', 'A4']
    """
    return any(map(str.isalpha, token))


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
