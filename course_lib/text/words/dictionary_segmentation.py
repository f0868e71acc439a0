"""Cutting Chinese into words by a dictionary alone: the longest word first, from either end.

Chinese is written without spaces. Maximum matching takes the longest word of the dictionary that
the rest of the text begins with, and goes on behind it; backward matching does so from the end.
Greedy as they are, both go wrong on ambiguous text, at different places, which the bidirectional
form uses. A character that begins no word becomes a word of its own.

Source: Liang, 1984; in English: Wong and Chan, 1996, https://aclanthology.org/C96-1035/.

>>> words = {"研究", "研究生", "生命", "起源", "的"}
>>> maximum_matching("研究生命的起源", words)
['研究生', '命', '的', '起源']
>>> backward_maximum_matching("研究生命的起源", words)
['研究', '生命', '的', '起源']
"""

from __future__ import annotations

from collections.abc import Collection

from course_lib.errors import InputError


def maximum_matching(text: str, words: Collection[str], longest: int | None = None) -> list[str]:
    """Return the words of ``text``, each the longest that the rest of the text begins with.

    ``longest`` is the most characters that a word may have: by default those of the longest of
    ``words``, found anew at each call. Give a set or a dict: a list is searched through each time.
    The words, joined, are the text. Raises ``InputError`` when ``longest`` is less than 1.

    >>> maximum_matching("南京市长江大桥", {"南京", "南京市", "市长", "长江", "江大桥", "大桥"})
    ['南京市', '长江', '大桥']
    """
    longest = _longest(words, longest)
    found, start = [], 0
    while start < len(text):
        end = min(start + longest, len(text))
        while end > start + 1 and text[start:end] not in words:
            end -= 1
        found.append(text[start:end])
        start = end
    return found


def backward_maximum_matching(
    text: str, words: Collection[str], longest: int | None = None
) -> list[str]:
    """Return the words of ``text``, each the longest that the text before the last one ends with.

    >>> backward_maximum_matching("南京市长江大桥", {"南京", "市长", "长江", "江大桥", "大桥"})
    ['南京', '市长', '江大桥']
    """
    longest = _longest(words, longest)
    found, end = [], len(text)
    while end > 0:
        start = max(end - longest, 0)
        while start < end - 1 and text[start:end] not in words:
            start += 1
        found.append(text[start:end])
        end = start
    return found[::-1]


def bidirectional_maximum_matching(
    text: str, words: Collection[str], longest: int | None = None
) -> list[str]:
    """Return the better of the forward and the backward result: the fewer words.

    Of equally many, that with fewer words of one character; if that is a tie as well, the backward
    one, by convention.

    >>> bidirectional_maximum_matching("研究生命", {"研究", "研究生", "生命"})
    ['研究', '生命']
    """
    backward = backward_maximum_matching(text, words, longest)
    return min(backward, maximum_matching(text, words, longest), key=_cost)


def _cost(found: list[str]) -> tuple[int, int]:
    return len(found), sum(len(word) == 1 for word in found)


def _longest(words: Collection[str], longest: int | None) -> int:
    if longest is None:
        return max(map(len, words), default=1)
    if longest < 1:
        raise InputError("the longest word", expected="at least 1 character", got=longest)
    return longest
