"""The files of a BPE tokenizer: our JSON, and the two files that GPT-2's family is published in.

Tokens are written in GPT-2's visible alphabet (``byte_alphabet``), so that the files can be read.
Nothing in a file is trusted: what is not as it should be raises ``DataError``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError, DataError, InputError
from course_lib.text.bpe.byte_alphabet import BYTE_ORDER, from_visible, visible
from course_lib.text.bpe.split_patterns import GPT2, GPT4, SplitPattern
from course_lib.whole_file import write_whole

FORMAT, VERSION = "words-and-pixels bpe", 1
END_OF_TEXT = "<|endoftext|>"


def write_tokenizer(
    path: Path,
    merges: Sequence[tuple[bytes, bytes]],
    special_tokens: Mapping[str, int],
    pattern: SplitPattern,
    numbers: Sequence[int] | None,
) -> None:
    """Write a tokenizer as JSON, whole or not at all."""
    known = pattern in (GPT2, GPT4)
    state = {
        "format": FORMAT,
        "version": VERSION,
        "pattern": pattern.name if known else [getattr(pattern, part) for part in _PARTS],
        "special_tokens": dict(special_tokens),
        "numbers": numbers,
        "merges": [f"{visible(left)} {visible(right)}" for left, right in merges],
    }
    write_whole(path, json.dumps(state, ensure_ascii=False, indent=0))


def read_tokenizer(path: Path) -> dict[str, Any]:
    """Return what ``write_tokenizer`` wrote, as arguments of ``BPETokenizer``."""
    state = _read_json(path)
    if state.get("format") != FORMAT or state.get("version") != VERSION:
        got = (state.get("format"), state.get("version"))
        raise InputError("the tokenizer", expected=(FORMAT, VERSION), got=got)
    merges = [_pair(line) for line in _checked(state, "merges", list)]
    special_tokens = _checked(state, "special_tokens", dict)
    numbers = None if state.get("numbers") is None else _checked(state, "numbers", list)
    for number in [*special_tokens.values(), *(numbers or [])]:
        if type(number) is not int or number < 0:
            raise InputError("a token number", expected="a whole number from 0", got=number)
    pattern = state.get("pattern")
    if isinstance(pattern, list):
        if len(pattern) != len(_PARTS) or not all(isinstance(part, str) for part in pattern):
            raise InputError("the pattern", expected=f"texts for {_PARTS}", got=pattern)
        pattern = SplitPattern(*pattern)
    elif pattern not in (GPT2.name, GPT4.name):
        raise InputError("the pattern", expected=f"{GPT2.name} or {GPT4.name}", got=pattern)
    return {
        "merges": merges,
        "special_tokens": special_tokens,
        "pattern": pattern,
        "numbers": numbers,
    }


def read_gpt2(merges: Path, vocabulary: Path | None = None) -> dict[str, Any]:
    """Return GPT-2's ``merges.txt`` and ``vocab.json`` as arguments of ``BPETokenizer``."""
    lines = _read(merges).split("\n")
    lines = lines[1:] if lines[0].startswith("#version") else lines
    pairs = [_pair(line.removesuffix("\r")) for line in lines if line.strip("\r")]
    tokens = [bytes([byte]) for byte in range(256)] + [left + right for left, right in pairs]
    if vocabulary is None:
        numbers = [BYTE_ORDER.index(byte) for byte in range(256)] + list(range(256, len(tokens)))
        special_tokens = {END_OF_TEXT: len(tokens)}
    else:
        numbers, special_tokens = _numbers_of(tokens, _read_json(vocabulary))
    return {
        "merges": pairs,
        "special_tokens": special_tokens,
        "pattern": GPT2,
        "numbers": numbers,
    }


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Turn every complaint about what a file holds into a ``DataError`` that names the file."""
    try:
        yield
    except DataError:
        raise
    except CourseError as error:
        raise DataError(
            f"{path}: {error}", remedy="is it the right file, and all of it?"
        ) from error


_PARTS = ("name", "expression", "safe_cut")


def _numbers_of(
    tokens: Sequence[bytes], vocabulary: Mapping[str, Any]
) -> tuple[list[int], dict[str, int]]:
    """Return the number of each token, and the entries that are none of them: special tokens."""
    names = [visible(token) for token in tokens]
    missing = [name for name in names if type(vocabulary.get(name)) is not int]
    if missing:
        expected = "a number for each byte and merge"
        raise InputError("the vocabulary", expected=expected, got=f"none for {missing[0]!r}")
    ordinary = set(names)
    others = {name: number for name, number in vocabulary.items() if name not in ordinary}
    return [vocabulary[name] for name in names], others


def _pair(line: Any) -> tuple[bytes, bytes]:
    parts = line.split(" ") if isinstance(line, str) else []
    if len(parts) != 2 or not all(parts):
        raise InputError("a merge", expected="two tokens and a space between", got=line)
    return from_visible(parts[0]), from_visible(parts[1])


def _checked(state: Mapping[str, Any], name: str, kind: type) -> Any:
    value = state.get(name)
    if not isinstance(value, kind):
        raise InputError(name, expected=f"a JSON {kind.__name__}", got=type(value).__name__)
    return value


def _read_json(path: Path) -> dict[str, Any]:
    try:
        state = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise DataError(str(path), expected="a JSON file", got=str(error)) from error
    if not isinstance(state, dict):
        raise DataError(str(path), expected="a JSON object", got=type(state).__name__)
    return state


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(str(path), expected="a file in UTF-8", got=str(error)) from error
