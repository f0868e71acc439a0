"""The words that BLEU counts: other tokens give other scores, so everybody must cut alike.

*13a* is the tokenisation of NIST's mteval-v13a script, that WMT's scores are made with; *zh* first
cuts out every Chinese character, and leaves the rest to the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from course_lib.errors import InputError

_MARKS = re.compile(r"([!-&(-+:-@\[-`{-~/ ])")  # ASCII's, without the apostrophe , - and .
_AFTER_NO_DIGIT = re.compile(r"([^0-9])([.,])")
_BEFORE_NO_DIGIT = re.compile(r"([.,])([^0-9])")
_DASH = re.compile(r"([0-9])(-)")
_ENTITIES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))

# Ideographs, radicals, strokes, phonetic signs, full-width forms and East Asian marks. Two ranges
# look odd: sacrebleu's table means U+20000 … and U+2F800 …, which it writes with four digits, so
# that the dashes and curly quotes from U+2001 are cut out too. Scores that are to be compared must
# agree, so we do as it does.
_CHINESE = re.compile(
    "(["
    "\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\uff00-\uffef"
    "\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf"
    "\ufe10-\ufe1f\ufe30-\ufe4f\u2600-\u27bf\u3200-\u33ff"
    "\u2001-\u2a6d\u2f81-\u2fa1"
    "])"
)


def tokenizer_called(name: str) -> Callable[[str], list[str]]:
    """Return the tokeniser of that name; raises ``InputError`` for an unknown one.

    >>> tokenizer_called("zh")("我爱GPT-4。")
    ['我', '爱', 'GPT-4', '。']
    """
    if name not in _TOKENIZERS:
        expected = " or ".join(map(repr, _TOKENIZERS))
        raise InputError("the tokenisation", expected=expected, got=repr(name))
    return _TOKENIZERS[name]


@lru_cache(maxsize=65536)
def _western(text: str) -> list[str]:
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    if "&" in text:
        for entity, mark in _ENTITIES:
            text = text.replace(entity, mark)
    return _cut(f" {text} ")


@lru_cache(maxsize=65536)
def _chinese(text: str) -> list[str]:
    return _cut(_CHINESE.sub(r" \1 ", text.strip()))


def _cut(text: str) -> list[str]:
    text = _MARKS.sub(r" \1 ", text)
    text = _AFTER_NO_DIGIT.sub(r"\1 \2 ", text)
    text = _BEFORE_NO_DIGIT.sub(r" \1 \2", text)
    return _DASH.sub(r"\1 \2 ", text).split()


def _characters(text: str) -> list[str]:
    return [character for character in text.rstrip() if not character.isspace()]


_TOKENIZERS: dict[str, Callable[[str], list[str]]] = {
    "13a": _western,
    "zh": _chinese,
    "char": _characters,
    "none": str.split,
}
