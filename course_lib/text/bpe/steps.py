"""Byte-pair encoding by its definition, a function a step: count, merge, learn, encode, decode.

The steps are those of chapter 01, on words given as lists of tokens. Tokens may be characters or
bytes: all that a step asks of them is that ``+`` joins two. ``BPETokenizer`` does the same work
hundreds of times faster, and its tests hold it to this.

Source: Sennrich, Haddow and Birch, 2016, https://arxiv.org/abs/1508.07909.

>>> words = [(list("low"), 5), (list("lower"), 2), (list("newest"), 6), (list("widest"), 3)]
>>> learn_merges(words, 3)
[('s', 't'), ('e', 'st'), ('o', 'w')]
>>> encode_word(list("lowest"), learn_merges(words, 4))
['low', 'est']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

Token = TypeVar("Token", str, bytes)


def count_pairs(words: Iterable[tuple[Sequence[Token], int]]) -> dict[tuple[Token, Token], int]:
    """Return how often each pair of neighbours occurs in words that occur ``count`` times each.

    >>> count_pairs([(["a", "b", "a"], 3), (["a", "b"], 1)])
    {('a', 'b'): 4, ('b', 'a'): 3}
    """
    counts: Counter[tuple[Token, Token]] = Counter()
    for tokens, count in words:
        for pair in pairwise(tokens):
            counts[pair] += count
    return dict(counts)


def merge_pair(tokens: Sequence[Token], pair: tuple[Token, Token]) -> list[Token]:
    """Return ``tokens`` with each occurrence of ``pair`` joined, from the left, never overlapping.

    >>> merge_pair(["a", "a", "a", "b"], ("a", "a"))
    ['aa', 'a', 'b']
    """
    merged: list[Token] = []
    place = 0
    while place < len(tokens):
        if tuple(tokens[place : place + 2]) == tuple(pair):
            merged.append(pair[0] + pair[1])
            place += 2
        else:
            merged.append(tokens[place])
            place += 1
    return merged


def learn_merges(
    words: Iterable[tuple[Sequence[Token], int]], number: int
) -> list[tuple[Token, Token]]:
    """Return the first ``number`` merges: each time the most frequent pair, of equals the greater.

    There are fewer when every word is a single token before.

    >>> learn_merges([(["a", "b", "c"], 1)], 9)
    [('b', 'c'), ('a', 'bc')]
    """
    merges: list[tuple[Token, Token]] = []
    words = list(words)
    while len(merges) < number and (counts := count_pairs(words)):
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        words = [(merge_pair(tokens, best), count) for tokens, count in words]
    return merges


def encode_word(tokens: Sequence[Token], merges: Iterable[tuple[Token, Token]]) -> list[Token]:
    """Return the tokens of a word after all the merges, in the order in which they were learned.

    >>> encode_word(["a", "b", "c"], [("b", "c"), ("a", "b")])
    ['a', 'bc']
    """
    word = list(tokens)
    for pair in merges:
        word = merge_pair(word, pair)
    return word


def decode_tokens(tokens: Iterable[bytes]) -> str:
    """Return the text of tokens of bytes; bytes that are no whole character become �.

    >>> decode_tokens(["我".encode()[:2], "我".encode()[2:]])
    '我'
    """
    return b"".join(tokens).decode("utf-8", errors="replace")
