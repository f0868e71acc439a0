"""PropBank's files of semantic roles: a line a word, a column of brackets for each predicate.

The words are masked, so that a file must be joined to the sentences that it describes.
Source: Palmer, Gildea and Kingsbury, *The Proposition Bank*, 2005,
https://aclanthology.org/J05-1004.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from course_lib.errors import DataError

_BRACKET = re.compile(r"\((?P<role>[^()*\s]+)|(?P<end>\))|\*")
_FIRST_COLUMN = 8  # document, sentence, word's number, word, part of speech, tree, lemma, sense


class Argument(NamedTuple):
    """A role and the words that play it: ``tokens[start:end]``."""

    role: str
    start: int
    end: int


class Predicate(NamedTuple):
    """A word that says what happens, its sense in PropBank's list, and who and what takes part."""

    place: int
    sense: str
    arguments: tuple[Argument, ...]


class Skeleton(NamedTuple):
    """A sentence without its words: the parts of speech, and the predicates."""

    xpos: tuple[str, ...]
    predicates: tuple[Predicate, ...]


def read_skeletons(text: str, name: str = "PropBank") -> list[Skeleton]:
    """Return the sentences of one file.

    Raises DataError with ``name`` when columns are missing or brackets do not close.

    >>> rows = "d 0 0 [WORD] NNS (S(NP*) - - (ARG0*)", "d 0 1 [WORD] VBP (VP*)) sing sing.01 (V*)"
    >>> read_skeletons("\\n".join(rows))[0].predicates
    (Predicate(place=1, sense='sing.01', arguments=(Argument(role='ARG0', start=0, end=1),)),)
    """
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    return [
        _skeleton([line.split() for line in block.split("\n")], f"{name}, sentence {number}")
        for number, block in enumerate(blocks)
        if block.strip()
    ]


def _skeleton(rows: list[list[str]], name: str) -> Skeleton:
    width = len(rows[0])
    if width < _FIRST_COLUMN or any(len(row) != width for row in rows):
        expected = f"rows of {_FIRST_COLUMN} columns or more, all alike"
        raise DataError(name, expected=expected, got=sorted({len(row) for row in rows}))
    senses = [(place, row[7]) for place, row in enumerate(rows) if row[7] != "-"]
    columns = [[row[at] for row in rows] for at in range(_FIRST_COLUMN, width)]
    if len(senses) != len(columns):
        raise DataError(name, expected=f"{len(senses)} columns of roles", got=len(columns))
    predicates = (
        Predicate(place, sense, tuple(_arguments(column, name)))
        for (place, sense), column in zip(senses, columns, strict=True)
    )
    return Skeleton(tuple(row[4] for row in rows), tuple(predicates))


def _arguments(column: list[str], name: str) -> list[Argument]:
    found: list[Argument] = []
    unclosed: list[tuple[str, int]] = []
    for place, cell in enumerate(column):
        for bracket in _BRACKET.finditer(cell):
            if bracket["role"]:
                unclosed.append((bracket["role"], place))
            elif bracket["end"]:
                if not unclosed:
                    raise DataError(name, got=f"a bracket that nothing opens, in {cell}")
                found.append(Argument(*unclosed.pop(), place + 1))
    if unclosed:
        raise DataError(name, got=f"brackets that do not close: {unclosed}")
    return sorted((one for one in found if one.role != "V"), key=lambda one: (one.start, -one.end))
