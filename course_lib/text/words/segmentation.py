"""Cutting Chinese into words by how frequent they are: the most probable path (Viterbi).

If words came one by one, each with its own probability, a segmentation had the product of its
words' probabilities. The best one is found without trying all: let best[i] be the best sum of
logarithms for the text from i on; then best[i] is the largest of log P(text[i:j]) + best[j].

``viterbi_segment`` is that recurrence. ``UnigramSegmenter`` is the same with the beginnings of all
words in its table, so that it tries no longer piece once no word begins so: fast enough for books.

Sources: Viterbi, 1967, https://doi.org/10.1109/TIT.1967.1054010; Sproat et al., 1996,
https://aclanthology.org/J96-3004/. jieba does the same, https://github.com/fxsj/jieba.

>>> UnigramSegmenter({"研究": 50, "研究生": 20, "生命": 40, "命": 5}).segment("研究生命")
['研究', '生命']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import inf, log

from course_lib.errors import InputError


def viterbi_segment(
    text: str, log_probabilities: Mapping[str, float | int], unknown: float | int = -20.0
) -> list[str]:
    """Return the words of ``text`` whose log probabilities have the greatest sum.

    A character that is no word may stand alone at the cost of ``unknown``. Of equally good paths,
    the one with the longer first word is taken, then the longer second word, and so on.

    >>> viterbi_segment("研究生命", {"研究": -2, "研究生": -3, "生命": -2, "命": -5})
    ['研究', '生命']
    """
    longest = max(map(len, log_probabilities), default=1)
    best = [0.0] * (len(text) + 1)
    ends = [0] * len(text)
    for start in reversed(range(len(text))):
        best[start] = -inf
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            cost_if_absent = unknown if end == start + 1 else -inf
            score = log_probabilities.get(text[start:end], cost_if_absent) + best[end]
            if score >= best[start]:
                best[start], ends[start] = score, end
    return _pieces(text, ends)


class UnigramSegmenter:
    """A segmenter made of words and how often each occurs.

    A character that is no word of the dictionary counts as seen once. Latin letters and digits that
    would stand alone are joined with their neighbours (*2016*, *BPE*). Every character of the text,
    white space included, comes back: the words, joined, are the text.

    Raises ``InputError`` when a frequency is negative or none is positive; a word of frequency 0
    is left out.

    >>> segmenter = UnigramSegmenter({"我们": 9, "学习": 7, "学": 2})
    >>> segmenter.segment("我们2016年学习NLP。")
    ['我们', '2016', '年', '学习', 'NLP', '。']
    """

    def __init__(self, frequencies: Mapping[str, float | int]) -> None:
        words = {word: count for word, count in frequencies.items() if word and count}
        if not words or min(words.values()) < 0:
            expected = "no negative number and at least one word that occurs"
            raise InputError("the frequencies", expected=expected, got=f"{len(words)} words")
        total = log(sum(words.values()))
        self.unknown = -total
        self._words = {word: log(count) - total for word, count in words.items()}
        # The beginnings that are no words stand in the table with a probability of zero.
        self._table = {word[:end]: -inf for word in words for end in range(1, len(word))}
        self._table |= self._words
        characters = "".join(sorted(set("".join(words)) | set("0aA")))
        self._run = re.compile(f"[{re.escape(characters)}0-9a-zA-Z]+|.", re.DOTALL)

    def segment(self, text: str) -> list[str]:
        """Return the most probable words of ``text``; of equals as ``viterbi_segment`` does."""
        runs = self._run.findall(text)
        words = [word for run in runs for word in (self._path(run) if len(run) > 1 else [run])]
        return _join_latin(words) if _LATIN.search(text) else words

    def score(self, words: list[str]) -> float:
        """Return the sum of the log probabilities of ``words``; -inf for an unknown longer one.

        >>> round(UnigramSegmenter({"我": 3, "们": 1}).score(["我", "们"]), 4)  # log(3/4 · 1/4)
        -1.674
        """
        return sum(map(self._log_probability, words), start=0.0)

    def _log_probability(self, word: str) -> float:
        return self._words.get(word, self.unknown if len(word) == 1 else -inf)

    def _path(self, text: str) -> list[str]:
        table, unknown, length = self._table, self.unknown, len(text)
        best = [0.0] * (length + 1)
        ends = [0] * length
        for start in range(length - 1, -1, -1):
            end = start + 1
            value = table.get(text[start])
            chosen = end
            highest = best[end] + (unknown if value is None or value == -inf else value)
            while value is not None and end < length:
                end += 1
                value = table.get(text[start:end])
                if value is not None and value + best[end] >= highest:
                    highest, chosen = value + best[end], end
            best[start], ends[start] = highest, chosen
        return _pieces(text, ends)


@cache
def chinese_segmenter() -> UnigramSegmenter:
    """Return the segmenter of the 349,045 words of jieba's dictionary, made once and kept.

    Raises ``DataError`` when jieba is not installed.

    >>> chinese_segmenter().segment("南京市长江大桥很长")
    ['南京市', '长江大桥', '很', '长']
    """
    from course_lib.data import chinese_dictionary

    return UnigramSegmenter(chinese_dictionary())


_LATIN = re.compile("[0-9a-zA-Z]{2}")
_ONE_LATIN = re.compile("[0-9a-zA-Z]")


def _pieces(text: str, ends: list[int]) -> list[str]:
    """Follow the path from the start of ``text``, from each word's end to the next one's."""
    found, start = [], 0
    while start < len(text):
        found.append(text[start : ends[start]])
        start = ends[start]
    return found


def _join_latin(words: list[str]) -> list[str]:
    joined: list[str] = []
    open_run = False
    for word in words:
        latin = len(word) == 1 and _ONE_LATIN.match(word) is not None
        if latin and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = latin
    return joined
