"""Exercise: turn tokens of bytes back into text, wherever a character was cut."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import TEXT

CHARACTERS = list("abé我们学🐌")


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield whole characters, characters in two tokens, and bytes that are no character."""
    yield Case("plain letters", [b"low", b"er"])
    yield Case("plain letters", [])
    yield Case("whole characters", ["我".encode(), "们".encode(), b" caf\xc3\xa9"])
    yield Case("a character in two tokens", [b"\xe6\x88", b"\x91"])
    yield Case("a character in two tokens", [b"a \xf0\x9f", b"\x90\x8c!"])
    yield Case("bytes of no character", [b"\xe6\x88", b"ok", b"\xff"])
    for _ in range(2):
        data = "".join(rng.choice(CHARACTERS, 8)).encode() + b"\xe6"
        places = [0, *sorted(rng.choice(np.arange(1, len(data)), 5, replace=False)), len(data)]
        tokens = [data[start:end] for start, end in pairwise(places)]
        yield Case("cut anywhere", tokens)


def one_by_one(tokens: list[bytes]) -> str:
    """Decode each token on its own."""
    return "".join(token.decode("utf-8", errors="replace") for token in tokens)


def strictly(tokens: list[bytes]) -> str:
    """Let a bad byte end everything."""
    return b"".join(tokens).decode("utf-8")


def silently(tokens: list[bytes]) -> str:
    """Drop what cannot be decoded."""
    return b"".join(tokens).decode("utf-8", errors="ignore")


def a_byte_a_character(tokens: list[bytes]) -> str:
    """Take each byte for a character."""
    return b"".join(tokens).decode("latin-1")


def with_spaces(tokens: list[bytes]) -> str:
    """Put spaces between tokens, as between words."""
    return b" ".join(tokens).decode("utf-8", errors="replace")


def token_by_token_as_text(tokens: list[bytes]) -> str:
    """Take the token as Python prints it."""
    return "".join(str(token) for token in tokens)


def by_growing(tokens: list[bytes]) -> str:
    """Add token to token, and decode what has grown."""
    data = bytearray()
    for token in tokens:
        data += token
    return str(bytes(data), "utf-8", "replace")


def by_decoder(tokens: list[bytes]) -> str:
    """Decode piece by piece with a decoder that remembers half a character."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    return "".join([*map(decoder.decode, tokens), decoder.decode(b"", final=True)])


EXERCISE = Exercise(
    name="decode_tokens",
    points=1,
    difficulty=2,
    minutes=6,
    reference="course_lib.text.bpe.steps:decode_tokens",
    cases=cases,
    returns=TEXT,
    alternatives=(by_growing, by_decoder),
    not_by=("course_lib.text:decode_tokens", "course_lib.text.bpe.steps:decode_tokens"),
    mistakes=(
        Mistake(
            "each token decoded alone", one_by_one,
            "A token need not hold whole characters: the three bytes of 我 may stand in two "
            "tokens, and neither half is text. Join all the bytes first, then decode once.",
        ),
        Mistake(
            "strict decoding", strictly,
            "A model may well produce bytes that are no character, and then decode raises. "
            'errors="replace" puts � in their place, so that the reader sees the fault.',
        ),
        Mistake(
            "bad bytes dropped", silently,
            'errors="ignore" hides that something was lost. errors="replace" shows it as �.',
        ),
        Mistake(
            "a byte taken for a character", a_byte_a_character,
            "Latin-1 reads every byte as one character, so 我 becomes æ\x88\x91 and é becomes Ã©. "
            "The bytes are UTF-8: most characters have several.",
        ),
        Mistake(
            "spaces between tokens", with_spaces,
            "Tokens are pieces of text, not words: the space is inside a token where there is one. "
            "Join them with nothing between.",
        ),
        Mistake(
            "the token as it is printed", token_by_token_as_text,
            "str(b'low') is the text b'low', with the b and the marks: how Python prints bytes. "
            "bytes.decode gives the characters.",
        ),
    ),
    hints=(
        "What does the first token of 我 look like, when it holds two of its three bytes?",
        'b"".join(...) makes one row of bytes. When is the moment to make characters of it?',
        'b"".join(tokens).decode("utf-8", errors="replace")',
    ),
)  # fmt: skip
