"""Prose told from everything else that stands in a docstring.

>>> paragraphs_of('''Parameters
... ----------
... a : array
...     The values of which :func:`sort` returns a *sorted* copy, in ``O(n log n)``.
...
... >>> sort([2, 1])
... [1, 2]
... ''')
['The values of which sort returns a sorted copy, in O(n log n).']
"""

from __future__ import annotations

import re
import textwrap

_MARKUP = (
    (re.compile(r":[\w:+-]+:`~?([^`<]*?)(?:\s*<[^>`]*>)?`"), r"\1"),  # :func:`text <target>`
    (re.compile(r"`([^`<]+?)\s*<[^>`]*>`_{0,2}"), r"\1"),  # `text <address>`_
    (re.compile(r"\s*\[[\w*#-]+\]_(?!\w)"), ""),  # [1]_
    (re.compile(r"``?([^`]+)``?_{0,2}"), r"\1"),
    (re.compile(r"(?<![\w*])\*{1,2}([^\s*](?:[^*]*[^\s*])?)\*{1,2}(?![\w*])"), r"\1"),
)
_FIRST = re.compile(r"[\"'“(]?[A-Z]")
_LAST = re.compile(r"[.!?:][\"'”)]*$")
_NOT_PROSE = re.compile(r">>>|\.\. |\\[a-zA-Z(\[]|[|=<>{}\\~^@$`]|__|--|\.\.\.|https?:|\[\d|\]_")
_UNDERLINE = re.compile(r"([-=~^*#+.])\1{2,}\s*")
_ITEM = re.compile(r"^(?:[-*+•]|\(?\d{1,2}[.)])\s+")
_MINIMUM_WORDS = 8
_MINIMUM_LETTERS = 0.9  # of the characters, spaces counted as letters


def paragraphs_of(docstring: str) -> list[str]:
    """Return the paragraphs of prose in a docstring, each as one line without markup.

    >>> paragraphs_of("Return it.\\n\\nThis sentence has more than eight\\nwords, as prose does.")
    ['This sentence has more than eight words, as prose does.']
    """
    blocks = re.split(r"\n\s*\n", docstring.expandtabs())
    texts = (_plain(part) for block in blocks for part in _parts(block))
    return [text for text in texts if is_prose(text)]


def is_prose(text: str) -> bool:
    """Say whether a line reads as English sentences rather than code, a table or a formula.

    >>> is_prose("It has eight words, a capital and a stop.")
    True
    >>> is_prose("Here x = 3 and y = 4 are set, which is code.")
    False
    """
    letters = sum(character.isalpha() or character == " " for character in text)
    return (
        len(text.split()) >= _MINIMUM_WORDS
        and bool(_FIRST.match(text))
        and bool(_LAST.search(text))
        and not _NOT_PROSE.search(text)
        and letters >= _MINIMUM_LETTERS * len(text)
    )


def _parts(block: str) -> list[str]:
    """Cut a block where an item begins and where the indentation changes; drop headings."""
    parts: list[list[str]] = []
    depth = -1
    for line in textwrap.dedent(block).splitlines():
        text = line.lstrip()
        if _UNDERLINE.fullmatch(text):
            if parts:
                del parts[-1][-1:]  # a heading
            parts.append([])
            continue
        item = _ITEM.match(text)
        indent = len(line) - len(text)
        if item or indent != depth:
            parts.append([])
        parts[-1].append(text[item.end() :] if item else text)
        depth = indent + (item.end() if item else 0)
    return [" ".join(part) for part in parts]


def _plain(text: str) -> str:
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    text = re.sub(r"::$", ":", text.strip())
    return " ".join(text.split())
