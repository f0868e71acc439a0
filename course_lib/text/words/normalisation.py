"""One spelling for what a reader sees as one text: Unicode forms, widths, white space, quotes.

Two strings that look the same may differ: é is one character or two (U+00E9; e and U+0301), Ａ is
not A, and a zero-width space is not seen at all. A counter of words takes them for different words.

What must survive: accents, upper case (unless you ask), simplified and traditional characters,
emoji with their joiners, paragraphs. What NFKC does not keep: x² becomes x2, ① becomes 1, ™
becomes TM, and the full-width ， ！ ？ of Chinese become , ! ?; ask for NFC where that matters.

Source of the forms: Unicode Standard Annex 15, https://unicode.org/reports/tr15/.

>>> normalise("Ｄｅｅｐ　ｌｅａｒｎｉｎｇ，深度学习\\u200b。\\r\\n")
'Deep learning,深度学习。'
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from course_lib.errors import InputError

_FORMS: dict[str, Literal["NFC", "NFKC"]] = {"NFC": "NFC", "NFKC": "NFKC"}
_WIDTH = 0xFEE0  # from "!" (U+0021) to "！" (U+FF01), and so on up to "~"
_HALF = {full: full - _WIDTH for full in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_QUOTES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")

_LINE_END = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, the soft hyphen, zero-width spaces, marks of direction, invisible operators, the byte
# order mark.  Not U+200C and U+200D: they join letters in Persian and Hindi, and emoji everywhere.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_SPACES = re.compile(r"[^\S\n]+")
_BREAK = re.compile(r" ?\n ?")
_PARAGRAPH = re.compile(r"\n{3,}")


def normalise(
    text: str, form: str = "NFKC", *, lower: bool = False, straight_quotes: bool = False
) -> str:
    """Return ``text`` in one Unicode form, without invisible characters and surplus white space.

    ``form`` is "NFC" (canonical) or "NFKC" (compatible: also widths, ligatures, circled digits).
    Line ends become ``\\n``, at most one line stays empty, other white space becomes one space.
    ``straight_quotes`` turns ‘ ’ “ ” into ' and ". Twice does no more than once. Raises
    ``InputError`` for another form.

    >>> normalise("Cafe\\u0301  au lait", lower=True)
    'café au lait'
    >>> normalise("“It’s”", straight_quotes=True)
    '"It\\'s"'
    """
    if form not in _FORMS:
        raise InputError("the Unicode form", expected="NFC or NFKC", got=repr(form))
    text = unicodedata.normalize(_FORMS[form], remove_invisible(_LINE_END.sub("\n", text)))
    if lower:
        text = unicodedata.normalize(_FORMS[form], text.lower())
    if straight_quotes:
        text = text.translate(_QUOTES)
    return squeeze_white_space(text)


def half_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits, marks and spaces in half width.

    ！ (U+FF01) to ～ (U+FF5E) are ! to ~ moved by 0xFEE0; U+3000 is the space. All else stays, so
    that 。 and 、, which have no half in ASCII, and Chinese characters are untouched.

    >>> half_width("ＢＰＥ（２０１６）　很好。")
    'BPE(2016) 很好。'
    """
    return text.translate(_HALF)


def remove_invisible(text: str) -> str:
    """Return ``text`` without control characters, zero-width spaces and marks of direction.

    Line feed, tab and other white space stay; so do the joiners U+200C and U+200D.

    >>> remove_invisible("\\ufeffzero\\u200bwidth\\x00")
    'zerowidth'
    """
    return _INVISIBLE.sub("", text)


def squeeze_white_space(text: str) -> str:
    """Return ``text`` with single spaces, no space beside a line end, and at most one empty line.

    >>> squeeze_white_space("  two \\t words \\n\\n\\n\\n new paragraph ")
    'two words\\n\\nnew paragraph'
    """
    lines = _BREAK.sub("\n", _SPACES.sub(" ", text))
    return _PARAGRAPH.sub("\n\n", lines).strip()
