"""Where text is cut before byte pairs are counted: the patterns of GPT-2 and GPT-4.

BPE never merges across a cut, so the pattern decides what a token can look like: GPT-2 keeps one
space with the word after it and cuts contractions; GPT-4 also cuts numbers into groups of three
digits and lets a punctuation mark lead a word.

The two expressions are published with the models (https://github.com/openai/gpt-2,
https://github.com/openai/tiktoken). Of GPT-2's we put the letters first, for speed; it gives the
same pieces, because no other alternative can begin with a letter, or with a space and a letter.
Each stands here once more for text that is all ASCII, on which Python's own ``re`` is faster.

>>> split_pattern("gpt2").split("We're 2025 words")
['We', "'re", ' 2025', ' words']
>>> split_pattern("gpt4").split("We're 2025 words")
['We', "'re", ' ', '202', '5', ' words']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import regex

from course_lib.errors import InputError

BLOCK = 2048  # characters


@dataclass(frozen=True)
class SplitPattern:
    """A regular expression whose matches, joined, are the text again.

    ``safe_cut`` matches, without width, where a long text may be cut in two so that the pieces of
    the halves are the pieces of the whole; "" where no such place is known. ``ascii_expression``
    does what ``expression`` does, for ASCII only and in the syntax of ``re``.
    """

    name: str
    expression: str
    safe_cut: str = ""
    ascii_expression: str = ""

    @cached_property
    def _compiled(self) -> Any:
        compiled = _compile(self.expression)
        if compiled.groups:
            remedy = "write (?:…) for each (…)"
            raise InputError("the split pattern", expected="no groups", remedy=remedy)
        return compiled

    @cached_property
    def _ascii(self) -> re.Pattern[str]:
        return re.compile(self.ascii_expression)

    @cached_property
    def _backwards(self) -> Any:
        return _compile(f"(?r){self.safe_cut}")

    def split(self, text: str) -> list[str]:
        """Return the pieces of ``text`` in order; raise ``InputError`` where a character is lost.

        >>> SplitPattern("words and gaps", r"[a-z]+| +").split("byte  pair")
        ['byte', '  ', 'pair']
        """
        pieces: list[str] = []
        for block in self._blocks(text):
            fast = bool(self.ascii_expression) and block.isascii()
            pieces += (self._ascii if fast else self._compiled).findall(block)
        if not self.safe_cut and sum(map(len, pieces)) != len(text):
            remedy = r"end the pattern with an alternative for the rest, such as |.|\n"
            raise InputError("the split pattern", expected="every character matched", remedy=remedy)
        return pieces

    def _blocks(self, text: str) -> Iterator[str]:
        """Yield the text in blocks cut at safe places, so that most blocks are ASCII."""
        start = 0
        if self.ascii_expression and not text.isascii():
            while len(text) - start > BLOCK:
                cut = self.last_safe_cut(text, start + BLOCK)
                if cut <= start:
                    break
                yield text[start:cut]
                start = cut
        yield text[start:]

    def last_safe_cut(self, text: str, end: int) -> int:
        """Return the last place before ``end`` where ``text`` may be cut, or 0 where there is none.

        >>> GPT2.last_safe_cut("one two three", 13)
        7
        """
        if not self.safe_cut:
            return 0
        found = self._backwards.search(text, 0, end)
        return found.start() if found else 0


def _compile(expression: str) -> Any:
    try:
        return regex.compile(expression)
    except regex.error as error:
        expected = "a regular expression"
        raise InputError("the split pattern", expected=expected, got=str(error)) from error


GPT2 = SplitPattern(
    "gpt2",
    r" ?\p{L}+|'(?:[sdmt]|ll|ve|re)| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    safe_cut=r"(?<=\S)(?=\s)",
    ascii_expression=r" ?[A-Za-z]+|'(?:[sdmt]|ll|ve|re)| ?[0-9]+| ?[^\t-\r A-Za-z0-9]+"
    r"|[\t-\r ]+(?![^\t-\r ])|[\t-\r ]+",
)
GPT4 = SplitPattern(
    "gpt4",
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    safe_cut=r"(?:(?<=\S)(?=[^\S\r\n])|(?<=[\p{L}\p{N}])(?=[\r\n])|(?<=[\r\n])(?=\S))",
    ascii_expression=r"'(?:[sdmtSDMT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\nA-Za-z0-9]?+[A-Za-z]++"
    r"|[0-9]{1,3}+| ?[^\t-\r A-Za-z0-9]++[\r\n]*+|[\t-\r ]++\Z|[\t-\r ]*[\r\n]"
    r"|[\t-\r ]+(?![^\t-\r ])|[\t-\r ]",
)
_KNOWN = {pattern.name: pattern for pattern in (GPT2, GPT4)}


def split_pattern(pattern: str | SplitPattern) -> SplitPattern:
    """Return the pattern called "gpt2" or "gpt4", or one made of your own expression.

    >>> split_pattern(r".+|\\n").name
    'custom'
    """
    if isinstance(pattern, SplitPattern):
        return pattern
    return _KNOWN.get(pattern) or SplitPattern("custom", pattern)
