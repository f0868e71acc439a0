"""What a console of another code page shows in place of what it cannot.

Windows' consoles and pipes often know only one page of characters. A command must not end at a
✓ or at a learner's name, least of all when its work is done: a sign gets its nearest, and any
other character its code, by which two names can still be told apart.
"""

from __future__ import annotations

import codecs
import io
import sys

NEAREST = {"✓": "+", "✗": "x", "·": "-", "…": "...", "−": "-", "–": "-", "—": "-", "×": "x",
           "“": '"', "”": '"', "’": "'", "≥": ">=", "≤": "<=", "→": "->", "│": "|"}  # fmt: skip


def show_what_can_be_shown() -> None:
    """Let standard output and errors replace what their encoding does not hold."""
    codecs.register_error("nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the first character that cannot be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    code = character.encode("ascii", "backslashreplace").decode()
    return NEAREST.get(character, code), error.start + 1
