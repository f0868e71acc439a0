"""How much text a token carries, which is how much a model can read at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_lib.errors import ShapeError


def bytes_per_token(texts: Sequence[str], encoded: Sequence[Sequence[Any]]) -> float:
    """Return the UTF-8 bytes of all texts divided by the tokens of all: 0.0 where there are none.

    Bytes, because a Chinese character has three and says about as much as three English letters;
    totals, because a mean of ratios lets a short text weigh as much as a long one. Raises
    ``ShapeError`` where texts and encodings differ in number.

    >>> bytes_per_token(["lower", "慢"], [["low", "er"], [b"\\xe6\\x85\\xa2"]])
    2.6666666666666665
    """
    if len(texts) != len(encoded):
        raise ShapeError("the encodings", expected=f"{len(texts)}, one a text", got=len(encoded))
    tokens = sum(map(len, encoded))
    return sum(len(text.encode()) for text in texts) / tokens if tokens else 0.0
