"""Chinese segmentation beside jieba: speed, and F1 against words that people cut.

jieba without its HMM is the same model on the same dictionary, and gives the same words; jieba's
default guesses words that no dictionary holds as well. For F1, ``tokenize`` cuts letters, digits
and marks by its own rules, and each of our methods the runs of Chinese. These rows need the data
set ``ud_chinese_gsdsimp``; without it they are left out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.harness import Row, compare
from course_lib.data import chinese_dictionary, chinese_sentences, chinese_trees
from course_lib.errors import DataError
from course_lib.text import (
    UnigramSegmenter,
    backward_maximum_matching,
    bidirectional_maximum_matching,
    maximum_matching,
    segmentation_f1,
    tokenize,
)

PACKAGES = ("jieba",)


def rows() -> Iterator[Row]:
    """Yield the speed of our methods beside jieba's, then the F1 of each where gold words are."""
    jieba, frequencies = _jieba(), chinese_dictionary()
    segmenter, longest = UnigramSegmenter(frequencies), max(map(len, frequencies))
    text = chinese_sentences()
    work = sum(map(len, text)) / 1e6

    def plain(line: str) -> list[str]:
        words: list[str] = jieba.lcut(line, HMM=False)
        return words

    yield compare(
        "most probable path (Viterbi) beside jieba without HMM",
        ours=lambda: _cut(segmenter.segment, text), peer=lambda: _cut(plain, text),
        work=work, unit="M characters/s", target=1.0,
    )  # fmt: skip
    yield compare(
        "maximum matching beside jieba without HMM (other words)",
        ours=lambda: _cut(lambda line: maximum_matching(line, frequencies, longest), text),
        peer=lambda: _cut(plain, text),
        work=work, unit="M characters/s", same=_same_text,
    )  # fmt: skip
    gold = _gold()
    if gold:
        words = set(frequencies)
        ways: dict[str, Callable[[str], list[str]]] = {
            "each character a word": list,
            "forward maximum matching": lambda line: maximum_matching(line, words, longest),
            "backward": lambda line: backward_maximum_matching(line, words, longest),
            "bidirectional": lambda line: bidirectional_maximum_matching(line, words, longest),
            "most probable path": segmenter.segment,
        }
        yield from _quality(ways, jieba.lcut, gold)


def _quality(
    ways: dict[str, Callable[[str], list[str]]],
    peer: Callable[[str], list[str]],
    gold: list[list[str]],
) -> Iterator[Row]:
    lines = ["".join(words) for words in gold]
    flat = [word for words in gold for word in words]
    theirs = segmentation_f1(_cut(peer, lines), flat)
    for name, way in ways.items():
        ours = segmentation_f1([word for line in lines for word in tokenize(line, way)], flat)
        yield Row(
            f"F1, UD Chinese GSDSimp test: {name} beside jieba with HMM",
            ours, theirs, ours / theirs, limit=1.0, target=None, unit="F1", rounds=1,
        )  # fmt: skip


def _cut(way: Callable[[str], list[str]], lines: list[str]) -> list[str]:
    return [word for line in lines for word in way(line)]


def _same_text(ours: list[str], theirs: list[str]) -> bool:
    return "".join(ours) == "".join(theirs)


def _gold() -> list[list[str]]:
    """Return the words of each sentence of the trees; none where they are not there."""
    try:
        return [list(tree.words) for tree in chinese_trees("test")]
    except DataError:
        return []


def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources
        import jieba
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return jieba
