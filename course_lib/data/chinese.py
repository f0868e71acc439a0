"""Chinese words with how often they occur, what they are, and how rare they make a text.

Source: the dictionary and the idf table of jieba, https://github.com/fxsjy/jieba (MIT).
"""

from __future__ import annotations

import functools

from course_lib.data.installed import installed_file


def chinese_dictionary() -> dict[str, int]:
    """Return the 349,045 words of jieba's dictionary, each with its count in jieba's corpus.

    Raises DataError when jieba is not installed.

    >>> chinese_dictionary()["北京大学"]
    2053
    """
    return {word: int(count) for word, count, _ in _dictionary()}


def chinese_tags() -> dict[str, str]:
    """Return the part of speech of each word of jieba's dictionary: *n* noun, *v* verb, *nt* body.

    The letters are those of the ICTCLAS tag set. Raises DataError when jieba is not installed.

    >>> chinese_tags()["北京大学"]
    'nt'
    """
    return {word: tag for word, _, tag in _dictionary()}


def chinese_idf() -> dict[str, float]:
    """Return the 270,132 words of jieba's table with log(texts / texts that hold the word).

    Raises DataError when jieba is not installed.

    >>> table = chinese_idf()
    >>> table["的"] < table["词语"]
    True
    """
    path = installed_file("jieba", "analyse/idf.txt", pip="jieba")
    rows = (line.split(" ") for line in path.read_text(encoding="utf-8").split("\n") if line)
    return {word: float(idf) for word, idf in rows}


@functools.cache
def _dictionary() -> tuple[tuple[str, str, str], ...]:
    path = installed_file("jieba", "dict.txt", pip="jieba")
    rows = (line.split(" ") for line in path.read_text(encoding="utf-8").split("\n") if line)
    return tuple((word, count, tag) for word, count, tag in rows)
