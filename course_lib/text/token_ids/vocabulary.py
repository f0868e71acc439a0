"""A vocabulary: each token has a number, each number its token.

Special tokens come first, so that padding is 0: ``<pad>`` fills up a batch, ``<unk>`` stands for
every token that has no number, ``<bos>`` and ``<eos>`` mark where a text begins and ends. A text
cannot forge one: where it spells out ``<pad>``, that is an unknown token like any other.

>>> vocabulary = Vocabulary.from_texts([["the", "cat"], ["the", "dog"]], max_size=6)
>>> vocabulary.tokens
('<pad>', '<unk>', '<bos>', '<eos>', 'the', 'cat')
>>> vocabulary.encode(["the", "dog", "<pad>"])
[4, 1, 1]
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course_lib.errors import DataError, InputError
from course_lib.whole_file import write_whole

PAD, UNK, BOS, EOS = "<pad>", "<unk>", "<bos>", "<eos>"
SPECIAL_TOKENS = (PAD, UNK, BOS, EOS)
FORMAT = "course_lib vocabulary 1"


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in the order of their numbers, the special ones first, and how often each came.

    The count of ``<unk>`` tells how many tokens of the texts got no number of their own. Raises
    ``InputError`` for a token that comes twice, or counts that do not fit.
    """

    tokens: tuple[str, ...]
    special_tokens: tuple[str, ...] = SPECIAL_TOKENS
    counts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.tokens)) < len(self.tokens):
            twice = next(token for token, n in Counter(self.tokens).items() if n > 1)
            raise InputError("the tokens", expected="each once", got=f"{twice!r} twice")
        if self.tokens[: len(self.special_tokens)] != self.special_tokens:
            raise InputError("the first tokens", expected=self.special_tokens, got=self.tokens[:4])
        if self.counts and len(self.counts) != len(self.tokens):
            raise InputError("the counts", expected=len(self.tokens), got=len(self.counts))

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        max_size: int | None = None,
        special_tokens: Sequence[str] = SPECIAL_TOKENS,
    ) -> Vocabulary:
        """Count the tokens of ``texts`` and number them, the most frequent first.

        Tokens of equal frequency stand in the order of their characters' code points, so that the
        same texts in any order give the same numbers. Tokens rarer than ``min_count`` get none;
        ``max_size`` bounds the whole vocabulary, special tokens included. Raises ``InputError``
        for a ``max_size`` that the special tokens alone exceed.
        """
        special = tuple(special_tokens)
        if max_size is not None and max_size < len(special):
            expected = f"at least {len(special)}, for the special tokens"
            raise InputError("max_size", expected=expected, got=max_size)
        counts = Counter(token for text in texts for token in text)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        room = None if max_size is None else max_size - len(special)
        kept = [(t, n) for t, n in ranked if n >= min_count and t not in special][:room]
        lost = counts.total() - sum(n for _, n in kept)
        own = [lost if token == UNK else 0 for token in special]
        return cls((*special, *(t for t, _ in kept)), special, (*own, *(n for _, n in kept)))

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.ids

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """The number of each token, special ones included."""
        return MappingProxyType({token: number for number, token in enumerate(self.tokens)})

    def id(self, token: str) -> int:
        """Return the number of ``token``; raises ``InputError`` for one that has none."""
        if token not in self.ids:
            raise InputError(f"the token {token!r}", got="no number in this vocabulary")
        return self.ids[token]

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the number of each token, that of ``<unk>`` for each that has none.

        Raises ``InputError`` for an unknown token where the vocabulary has no ``<unk>``.
        """
        ids, unknown = self._ordinary, self.ids.get(UNK)
        if unknown is None:
            numbers = list(tokens)
            for token in numbers:
                if token not in ids:
                    remedy = f"give the vocabulary {UNK}"
                    raise InputError(f"the token {token!r}", got="no number", remedy=remedy)
            return [ids[token] for token in numbers]
        return [ids.get(token, unknown) for token in tokens]

    def decode(self, ids: Iterable[int], *, skip_special: bool = False) -> list[str]:
        """Return the token of each number; raises ``InputError`` for a number out of range.

        >>> Vocabulary(("<pad>", "<unk>", "<bos>", "<eos>", "cat")).decode([2, 4, 3])
        ['<bos>', 'cat', '<eos>']
        """
        first = len(self.special_tokens) if skip_special else 0
        numbers = [int(number) for number in ids]
        for number in numbers:
            if not 0 <= number < len(self.tokens):
                raise InputError("an id", expected=f"from 0 to {len(self) - 1}", got=number)
        return [self.tokens[number] for number in numbers if number >= first]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the vocabulary as JSON, atomically."""
        content = {
            "format": FORMAT,
            "special_tokens": self.special_tokens,
            "tokens": self.tokens,
            "counts": self.counts,
        }
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=0))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Vocabulary:
        """Read what ``save`` wrote; raises ``DataError`` for a file that is missing or foreign."""
        try:
            content = json.loads(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"the vocabulary {path}", expected="JSON", got=str(error)) from error
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise DataError(f"the vocabulary {path}", expected=FORMAT, got="another file")
        special = _typed(content, "special_tokens", str)
        try:
            return cls(_typed(content, "tokens", str), special, _typed(content, "counts", int))
        except InputError as error:
            raise DataError(f"the vocabulary {path}", got=str(error)) from error

    @cached_property
    def _ordinary(self) -> dict[str, int]:
        first = len(self.special_tokens)
        return {token: number for token, number in self.ids.items() if number >= first}


def _typed(content: dict[str, Any], name: str, kind: type) -> tuple[Any, ...]:
    values = content.get(name)
    if not isinstance(values, list) or not all(type(value) is kind for value in values):
        expected = f"a list of {kind.__name__}"
        raise DataError(f"the vocabulary's {name}", expected=expected, got=type(values).__name__)
    return tuple(values)
