"""GPT-2's visible alphabet: a printable character for each of the 256 bytes.

Files of merges are text, one pair a line, with a space between the two; a token that holds a space
or half a character could not stand there. So each printable byte of Latin-1 stands for itself, and
the other 68 are given the characters from U+0100 on: the space becomes Ġ, the line break Ċ.

Source: the files of GPT-2, https://github.com/openai/gpt-2.

>>> visible(" 我".encode())
'ĠæĪĳ'
>>> from_visible("ĠæĪĳ").decode()
' 我'
"""

from __future__ import annotations

from course_lib.errors import InputError

PRINTABLE = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))
"""The bytes that stand for themselves, in the order in which GPT-2 numbers them first."""

_OTHERS = tuple(byte for byte in range(256) if byte not in PRINTABLE)

BYTE_ORDER: tuple[int, ...] = (*PRINTABLE, *_OTHERS)
"""The byte that has each of GPT-2's first 256 numbers."""

_CHARACTERS = {
    **{byte: chr(byte) for byte in PRINTABLE},
    **{byte: chr(0x100 + place) for place, byte in enumerate(_OTHERS)},
}
_BYTES = {character: byte for byte, character in _CHARACTERS.items()}


def visible(token: bytes) -> str:
    """Return the token with one printable character for each byte.

    >>> visible(b" the\\n")
    'ĠtheĊ'
    """
    return token.decode("latin-1").translate(_CHARACTERS)


def from_visible(name: str) -> bytes:
    """Return the bytes that ``visible`` wrote as ``name``.

    Raises ``InputError`` where a character stands for no byte.
    """
    try:
        return bytes([_BYTES[character] for character in name])
    except KeyError as error:
        expected = "characters that stand for bytes"
        raise InputError("the token's name", expected=expected, got=name) from error
