"""Training BPE fast: count the pairs once, then change only the counts that a merge touches.

Recounting every pair after every merge is what takes the time of the plain algorithm
(``train_by_definition``). One merge concerns few words, so we keep three things:

- each different word once, with its count; a word is a ``str`` with one character for each token
  (the token's number is the character's code point), so that ``str.split`` finds a pair and
  ``str.join`` merges it, at the speed of C and never overlapping;
- for each pair its count, and the words in which it has been seen (a list that may name too many);
- a heap of pairs. A merge only lowers the counts of old pairs, and gives every new pair its final
  place; so a stale entry stands too high in the heap, never too low, and is put right when popped.

Source of the algorithm: Sennrich, Haddow and Birch, 2016, https://arxiv.org/abs/1508.07909.

>>> train_merges({b"aaabdaaabac": 1}, merges=3)
[(b'a', b'a'), (b'aa', b'a'), (b'aaa', b'b')]
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

Entry = tuple[int, str, str, str]  # minus the count, the two tokens' descending keys, the pair


def train_merges(words: Mapping[bytes, int], merges: int) -> list[tuple[bytes, bytes]]:
    """Return the first ``merges`` merges that BPE learns from words and how often each occurs.

    The most frequent pair is merged first, of equally frequent ones the greater. Merging goes on
    while any word has two tokens, even for pairs seen once; the list is shorter when none is left.
    """
    table = PairTable.of_words(words)
    learned: list[tuple[bytes, bytes]] = []
    while len(learned) < merges and (pair := table.pop_most_frequent()):
        learned.append((table.tokens[ord(pair[0])], table.tokens[ord(pair[1])]))
        table.merge(pair)
    return learned


def train_by_definition(words: Mapping[bytes, int], merges: int) -> list[tuple[bytes, bytes]]:
    """Return what ``train_merges`` returns, by counting every pair anew before every merge.

    >>> train_by_definition({b"aaabdaaabac": 1}, merges=3)
    [(b'a', b'a'), (b'aa', b'a'), (b'aaa', b'b')]
    """
    from course_lib.text.bpe.steps import learn_merges

    cut = [([bytes([byte]) for byte in word], count) for word, count in words.items()]
    return learn_merges(cut, merges)


@dataclass
class Neighbours:
    """How often each token stood on one side of the merged pair, and in which words."""

    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def see(self, token: str, word: int, count: int) -> None:
        """Note that ``token`` stood beside the pair once in ``word``, which occurs ``count`` ×."""
        self.counts[token] += count
        self.places[token].append(word)


class PairTable:
    """Words, the counts of their adjacent pairs, and the most frequent pair at any moment."""

    def __init__(self, words: list[str], word_counts: list[int]) -> None:
        self.tokens = [bytes([byte]) for byte in range(256)]
        self._keys = [descending_key(token) for token in self.tokens]
        self._words, self._word_counts = words, word_counts
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for index, (word, count) in enumerate(zip(words, word_counts, strict=True)):
            for pair in map(str.__add__, word, word[1:]):
                self._counts[pair] += count
                self._places[pair].append(index)
        self._heap = [self._entry(pair) for pair in self._counts]
        heapq.heapify(self._heap)

    @classmethod
    def of_words(cls, words: Mapping[bytes, int]) -> PairTable:
        """Return the table at the start, where every byte is a token."""
        longer = {word: count for word, count in words.items() if len(word) > 1 and count > 0}
        return cls([word.decode("latin-1") for word in longer], list(longer.values()))

    def pop_most_frequent(self) -> str:
        """Take the most frequent pair, the greater of equals, off the heap; "" when none is left.

        >>> PairTable.of_words({b"ab": 2, b"ac": 2}).pop_most_frequent()
        'ac'
        """
        while self._heap:
            entry = self._heap[0]
            pair = entry[3]
            if -entry[0] == self._counts.get(pair, 0):
                heapq.heappop(self._heap)
                return pair
            if self._counts.get(pair, 0) > 0:
                heapq.heapreplace(self._heap, self._entry(pair))
            else:
                heapq.heappop(self._heap)
        return ""

    def merge(self, pair: str) -> None:
        """Make ``pair`` one new token in every word, and put the counts right around it."""
        first, second = pair[0], pair[1]
        new = chr(len(self.tokens))
        self.tokens.append(self.tokens[ord(first)] + self.tokens[ord(second)])
        self._keys.append(descending_key(self.tokens[-1]))
        left, right, twins = Neighbours(), Neighbours(), Neighbours()
        for index in self._places.pop(pair):
            parts = self._words[index].split(pair)
            if len(parts) > 1:
                self._words[index] = new.join(parts)
                _see_neighbours(parts, index, self._word_counts[index], left, right, twins, new)
        for token, count in left.counts.items():
            self._replace(token + first, token + new, count, left.places[token])
        for token, count in right.counts.items():
            self._replace(second + token, new + token, count, right.places[token])
        for token, count in twins.counts.items():
            self._replace(second + first, new + token, count, twins.places[token])
        del self._counts[pair]

    def _replace(self, old: str, new: str, count: int, places: list[int]) -> None:
        """Turn ``count`` occurrences of the pair ``old`` into the pair ``new``, never seen yet."""
        self._counts[old] -= count
        self._counts[new] = count
        self._places[new] = places
        heapq.heappush(self._heap, self._entry(new))

    def _entry(self, pair: str) -> Entry:
        return -self._counts[pair], self._keys[ord(pair[0])], self._keys[ord(pair[1])], pair


def descending_key(token: bytes) -> str:
    """Return a key that sorts as the bytes do, but the other way round: heaps give the least first.

    Each byte b becomes 255 - b; the end, which makes a prefix the lesser, becomes a character above
    them all.

    >>> sorted([b"a", b"ab", b"b"], key=descending_key)
    [b'b', b'ab', b'a']
    """
    return token.translate(_COMPLEMENT).decode("latin-1") + "\u0100"


_COMPLEMENT = bytes(range(255, -1, -1))


def _see_neighbours(
    parts: list[str],
    word: int,
    count: int,
    left: Neighbours,
    right: Neighbours,
    twins: Neighbours,
    new: str,
) -> None:
    """Note what stands beside each new token, given the ``parts`` of a word around and between.

    An empty part between two means that two new tokens are neighbours: such a couple is noted once.
    """
    if parts[0]:
        left.see(parts[0][-1], word, count)
    for between in parts[1:-1]:
        if between:
            right.see(between[0], word, count)
            left.see(between[-1], word, count)
        else:
            twins.see(new, word, count)
    if parts[-1]:
        right.see(parts[-1][0], word, count)
