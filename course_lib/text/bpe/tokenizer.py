"""Byte-pair encoding: the tokenizer of GPT-2, GPT-4 and most language models since.

Text becomes bytes (UTF-8), so that nothing is ever out of vocabulary; a pattern cuts it into
pieces; within each piece the pairs of neighbours that were most frequent in the training text
become single tokens, over and over. This file holds the tokenizer; ``training`` learns the
merges, ``encoding`` applies them, ``split_patterns`` cuts.

Sources: Gage, 1994, "A new algorithm for data compression"; Sennrich, Haddow and Birch, 2016,
https://arxiv.org/abs/1508.07909; Radford et al., 2019, "Language models are unsupervised multitask
learners", for bytes and the pattern.

>>> tokenizer = BPETokenizer.train("low lower lowest slow slower", vocab_size=260)
>>> tokenizer.merges
[(b'o', b'w'), (b'l', b'ow'), (b'low', b'e'), (b'lowe', b'r')]
>>> [tokenizer.vocab[number] for number in tokenizer.encode("slowest")]
[b's', b'lowe', b's', b't']
>>> tokenizer.decode(tokenizer.encode("慢 slow 🐌"))
'慢 slow 🐌'
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import index
from pathlib import Path
from typing import Any, Literal, SupportsIndex

from course_lib.errors import InputError
from course_lib.text.bpe import files
from course_lib.text.bpe.encoding import PieceEncoder
from course_lib.text.bpe.split_patterns import SplitPattern, split_pattern
from course_lib.text.bpe.training import train_merges
from course_lib.text.bpe.word_counting import Texts, count_words, split_off

Allowed = Collection[str] | Literal["all"]


class BPETokenizer:
    """A byte-level BPE tokenizer: merges in the order learned, a split pattern, special tokens.

    ``merges`` and ``vocab`` (each number's bytes) are for reading. Numbers 0 to 255 are the bytes,
    then come the merges, then the special tokens, unless ``numbers`` gives the bytes and merges
    others, as GPT-2 does. Raises ``InputError`` for merges of tokens that do not exist yet, for
    numbers used twice, for special tokens that are empty or named twice, and for a bad pattern.
    """

    def __init__(
        self,
        merges: Iterable[tuple[bytes, bytes]] = (),
        special_tokens: Sequence[str] | Mapping[str, int] = (),
        *,
        pattern: str | SplitPattern = "gpt2",
        numbers: Sequence[int] | None = None,
    ) -> None:
        self.merges = [(bytes(left), bytes(right)) for left, right in merges]
        self.pattern = split_pattern(pattern)
        self.pattern.split("")  # a bad expression is refused here, and not at the first text
        tokens, pairs = _token_table(self.merges)
        self._numbers = None if numbers is None else [int(number) for number in numbers]
        self.vocab = dict(zip(self._numbers or range(len(tokens)), tokens, strict=False))
        if len(self.vocab) != len(tokens):
            expected = f"{len(tokens)} different ones, one for each byte and merge"
            raise InputError("the numbers", expected=expected, got=f"{len(self.vocab)} different")
        self.special_tokens = _numbered(special_tokens, self.vocab)
        self.vocab |= {number: name.encode() for name, number in self.special_tokens.items()}
        self._encoder = PieceEncoder(pairs)

    @classmethod
    def train(
        cls,
        texts: Texts,
        vocab_size: int,
        special_tokens: Sequence[str] = (),
        *,
        pattern: str | SplitPattern = "gpt2",
        processes: int | None = None,
    ) -> BPETokenizer:
        """Return a tokenizer that has learned its merges from ``texts``.

        ``texts`` is a text, a file (a ``Path``; it may be larger than memory, and ``processes``
        count it side by side), or an iterable of either; no merge reaches over the end of a text.
        ``vocab_size`` counts the 256 bytes, the merges and the special tokens; the vocabulary is
        smaller when no pair is left to merge. Of equally frequent pairs the greater is merged, as
        bytes compare. Raises ``InputError`` when the size leaves no room for bytes and special
        tokens.
        """
        room = vocab_size - 256 - len(special_tokens)
        if room < 0:
            expected = f"at least 256 bytes and {len(special_tokens)} special tokens"
            raise InputError("vocab_size", expected=expected, got=vocab_size)
        cut = split_pattern(pattern)
        cls((), special_tokens, pattern=cut)  # a bad name is refused before the work
        words = count_words(texts, cut, special_tokens, processes)
        return cls(train_merges(words, room), special_tokens, pattern=cut)

    def encode(self, text: str, allowed_special: Allowed = ()) -> list[int]:
        """Return the numbers of the tokens of ``text``.

        The name of a special token is ordinary text, unless ``allowed_special`` names it (or is
        "all"): a stranger's text must not be able to end the prompt. Where several allowed names
        begin at one place, the longest counts. Raises ``InputError`` for a name that is no special
        token.

        >>> tokenizer = BPETokenizer(special_tokens=["<end>"])
        >>> tokenizer.encode("a<end>", allowed_special=["<end>"]), tokenizer.encode("<e")
        ([97, 256], [60, 101])
        """
        if not allowed_special:
            return self._encode_ordinary(text)
        parts = split_off(text, self._allowed(allowed_special))
        found: list[int] = []
        for place, part in enumerate(parts):
            if place % 2:
                found.append(self.special_tokens[part])
            else:
                found += self._encode_ordinary(part)
        return found

    def encode_batch(self, texts: Iterable[str], allowed_special: Allowed = ()) -> list[list[int]]:
        """Return the token numbers of each text; pieces that they share are worked out once."""
        return [self.encode(text, allowed_special) for text in texts]

    def decode(self, ids: Iterable[SupportsIndex], errors: str = "replace") -> str:
        """Return the text of the tokens; bytes that are no whole character become �.

        With ``errors="strict"`` they raise ``UnicodeDecodeError``. Raises ``InputError`` for a
        number outside the vocabulary.

        >>> BPETokenizer().decode([72, 105, 230])
        'Hi�'
        """
        return self.decode_bytes(ids).decode("utf-8", errors=errors)

    def decode_bytes(self, ids: Iterable[SupportsIndex]) -> bytes:
        """Return the bytes of the tokens; raises ``InputError`` for a number without a token."""
        numbers: Any = ids.tolist() if hasattr(ids, "tolist") else ids
        try:
            return b"".join(map(self.vocab.__getitem__, map(index, numbers)))
        except KeyError as error:
            got = error.args[0]
            raise InputError("a token number", expected="one of the vocabulary", got=got) from None
        except TypeError as error:
            remedy = "decode the rows of a batch one by one"
            expected = "whole numbers in one row"
            raise InputError("the ids", expected=expected, got=error, remedy=remedy) from None

    def tokens(self, text: str, allowed_special: Allowed = ()) -> list[bytes]:
        """Return the tokens of ``text`` as bytes: what to look at.

        >>> BPETokenizer([(b"a", b"b")]).tokens("abc")
        [b'ab', b'c']
        """
        return [self.vocab[number] for number in self.encode(text, allowed_special)]

    def __len__(self) -> int:
        return len(self.vocab)

    def __repr__(self) -> str:
        return f"<BPETokenizer of {len(self)} tokens, pattern {self.pattern.name}>"

    def save(self, path: Path | str) -> None:
        """Write the tokenizer to a JSON file, whole or not at all."""
        files.write_tokenizer(
            Path(path), self.merges, self.special_tokens, self.pattern, self._numbers
        )

    @classmethod
    def load(cls, path: Path | str) -> BPETokenizer:
        """Return the tokenizer that ``save`` wrote; raises ``DataError`` for any other file."""
        with files.blaming(Path(path)):
            return cls(**files.read_tokenizer(Path(path)))

    @classmethod
    def load_gpt2(cls, merges: Path | str, vocabulary: Path | str | None = None) -> BPETokenizer:
        """Return the tokenizer of GPT-2's two files, ``merges.txt`` and ``vocab.json``.

        Without the vocabulary, the numbers are GPT-2's own order: bytes, merges, ``<|endoftext|>``.
        Raises ``DataError`` for files of another form.
        """
        numbers = None if vocabulary is None else Path(vocabulary)
        with files.blaming(Path(merges)):
            return cls(**files.read_gpt2(Path(merges), numbers))

    def _encode_ordinary(self, text: str) -> list[int]:
        places = map(ord, self._encoder.encode(self.pattern.split(text)))
        return list(places if self._numbers is None else map(self._numbers.__getitem__, places))

    def _allowed(self, names: Allowed) -> Collection[str]:
        if names == "all":
            return self.special_tokens
        unknown = [name for name in names if name not in self.special_tokens]
        if isinstance(names, str) or unknown:
            expected = f'"all" or names among {list(self.special_tokens)}'
            raise InputError("allowed_special", expected=expected, got=names)
        return names


def _token_table(
    merges: Sequence[tuple[bytes, bytes]],
) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Return the bytes of each token in the order learned, and each merge as two places in it."""
    tokens = [bytes([byte]) for byte in range(256)]
    places = {token: place for place, token in enumerate(tokens)}
    pairs = []
    for number, (left, right) in enumerate(merges):
        if left not in places or right not in places or left + right in places:
            expected = "two tokens that exist, to make one that does not"
            raise InputError(f"merge {number}", expected=expected, got=(left, right))
        pairs.append((places[left], places[right]))
        places[left + right] = len(tokens)
        tokens.append(left + right)
    return tokens, pairs


def _numbered(
    special_tokens: Sequence[str] | Mapping[str, int], vocab: Mapping[int, bytes]
) -> dict[str, int]:
    """Return the number of each special token; those without one follow the vocabulary."""
    if isinstance(special_tokens, Mapping):
        numbered = {name: int(number) for name, number in special_tokens.items()}
    else:
        first = max(vocab) + 1
        numbered = {name: first + place for place, name in enumerate(special_tokens)}
    taken = len(set(numbered.values()) | vocab.keys())
    named_twice = len(numbered) < len(special_tokens)
    if "" in numbered or named_twice or taken < len(numbered) + len(vocab):
        expected = "names that are not empty, with a number of their own"
        raise InputError("the special tokens", expected=expected, got=special_tokens)
    return numbered
