"""The format CoNLL-U: sentences whose words have a part of speech, a head and a relation to it.

A line a word, ten fields between tabs, an empty line after each sentence. See
https://universaldependencies.org/format.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from course_lib.errors import DataError

_FIELDS = 10


class Token(NamedTuple):
    """One word: ``head`` is the position of the word that it depends on, -1 for the root.

    Positions count from 0, as Python does; ``deprel`` is the relation: *nsubj*, *obj*, *root* …
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    features: str
    head: int
    deprel: str


@dataclass(frozen=True)
class Tree:
    """A sentence: its name in the treebank, its text as it was written, and its words."""

    name: str
    text: str
    tokens: tuple[Token, ...]

    @property
    def words(self) -> list[str]:
        """The words' forms, in order."""
        return [token.form for token in self.tokens]

    @property
    def root(self) -> int:
        """The position of the word on which all others depend."""
        return next(place for place, token in enumerate(self.tokens) if token.head < 0)

    def dependants(self, place: int, *relations: str) -> list[int]:
        """Return the positions of the words that depend on ``place``, by these relations only.

        With none named, by any. A relation includes its kinds: *nsubj* includes *nsubj:pass*.
        """
        return [
            number
            for number, token in enumerate(self.tokens)
            if token.head == place
            and (
                not relations
                or token.deprel.partition(":")[0] in relations
                or token.deprel in relations
            )
        ]


def read_conllu(text: str, name: str = "CoNLL-U") -> Iterator[Tree]:
    """Yield the sentences of a file's ``text``.

    Words that are written as one (``1-2``: *don't*) appear as the words that they are; words that
    only the enhanced graph has (``8.1``) are left out.
    Raises DataError with ``name`` and the line's number when the text is not CoNLL-U.

    >>> rows = "1 Birds bird NOUN NNS _ 2 nsubj _ _", "2 sing sing VERB VBP _ 0 root _ _"
    >>> tree, = read_conllu("# sent_id = a\\n" + "\\n".join(rows).replace(" ", "\\t") + "\\n\\n")
    >>> tree.words, tree.root, tree.dependants(tree.root, "nsubj")
    (['Birds', 'sing'], 1, [0])
    """
    comments: dict[str, str] = {}
    tokens: list[Token] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        line = line.rstrip("\r")
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            comments[key.strip()] = value.strip()
        elif line:
            tokens += _tokens_of(line, f"{name}, line {number}")
        elif tokens:
            yield _tree(comments, tokens, f"{name}, before line {number}")
            comments, tokens = {}, []


def _tokens_of(line: str, place: str) -> list[Token]:
    fields = line.split("\t")
    if len(fields) != _FIELDS:
        raise DataError(place, expected=f"{_FIELDS} fields between tabs", got=len(fields))
    number, form, lemma, upos, xpos, features, head, deprel = fields[:8]
    if not number.isdecimal():
        return []
    if not head.isdecimal():
        raise DataError(place, expected="the number of a head", got=repr(head))
    return [Token(form, lemma, upos, xpos, features, int(head) - 1, deprel)]


def _tree(comments: dict[str, str], tokens: list[Token], place: str) -> Tree:
    roots = sum(token.head < 0 for token in tokens)
    if roots != 1 or any(token.head >= len(tokens) for token in tokens):
        raise DataError(place, expected="one root, and heads in the sentence", got=f"{roots} roots")
    return Tree(comments.get("sent_id", ""), comments.get("text", ""), tuple(tokens))
