"""From pieces to tokens: apply the merges in the order in which they were learned.

A piece is a ``str`` with one character for each token (the token's place in the vocabulary is the
character's code point), as in ``training``. A merge learned earlier makes a token with a lower
number, so the next merge of a piece is the least of the tokens that its pairs would make; and
``str.replace`` carries it out, from left to right, never overlapping. Each piece is worked out
once and then remembered: most of a text is made of few pieces.

>>> PieceEncoder([(97, 98), (256, 99)])["abcab"]  # ab is token 256, abc is token 257
'āĀ'
>>> [ord(token) for token in "āĀ"]
[257, 256]
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from operator import add

from course_lib.errors import InputError

REMEMBERED_PIECES = 1 << 20
REMEMBERED_LENGTH = 128  # tokens: longer pieces hardly ever come twice
LONG = 256  # tokens: from here on a heap finds the next merge sooner than a look at every pair


class PieceEncoder(dict[str, str]):
    """The tokens of each piece, worked out when first asked for.

    ``merges`` are the pairs of token numbers in the order learned; the first makes token 256.
    """

    def __init__(self, merges: Iterable[tuple[int, int]]) -> None:
        super().__init__()
        pairs = [chr(left) + chr(right) for left, right in merges]
        self._pair_of = {chr(256 + number): pair for number, pair in enumerate(pairs)}
        self._token_of = {pair: token for token, pair in self._pair_of.items()}

    def encode(self, pieces: Iterable[str]) -> str:
        """Return the tokens of all the pieces, one character each.

        Raises ``InputError`` for a piece that UTF-8 cannot write (half of a surrogate pair).
        """
        return "".join(map(self.__getitem__, pieces))

    def __missing__(self, piece: str) -> str:
        tokens = self._merged(_bytes_as_tokens(piece))
        if len(piece) <= REMEMBERED_LENGTH:
            if len(self) >= REMEMBERED_PIECES:
                self.clear()
            self[piece] = tokens
        return tokens

    def _merged(self, tokens: str) -> str:
        if len(tokens) >= LONG:
            return self._merged_by_heap(tokens)
        token_of, pair_of = self._token_of.get, self._pair_of
        while candidates := list(filter(None, map(token_of, map(add, tokens, tokens[1:])))):
            first = min(candidates)
            tokens = tokens.replace(pair_of[first], first)
        return tokens

    def _merged_by_heap(self, text: str) -> str:
        """Merge a long piece in time n log n: a chain of tokens, and a heap of possible merges."""
        tokens, end = list(text), len(text)
        after, before = list(range(1, end + 1)), list(range(-1, end - 1))
        token_of = self._token_of.get
        made = map(token_of, map(add, text, text[1:]))
        heap = [(token, place) for place, token in enumerate(made) if token]
        heapq.heapify(heap)
        while heap:
            token, left = heapq.heappop(heap)
            right = after[left]
            if right == end or token_of(tokens[left] + tokens[right]) != token:
                continue  # one of the two has been merged with another neighbour since
            tokens[left], tokens[right] = token, ""
            after[left] = following = after[right]
            if following < end:
                before[following] = left
            for one, other in ((before[left], left), (left, following)):
                if one >= 0 and other < end and (new := token_of(tokens[one] + tokens[other])):
                    heapq.heappush(heap, (new, one))
        return "".join(tokens)


def _bytes_as_tokens(piece: str) -> str:
    try:
        return piece.encode().decode("latin-1")
    except UnicodeEncodeError as error:
        got = f"half of a surrogate pair, {piece[error.start]!r}"
        raise InputError("the text", expected="Unicode characters", got=got) from error
