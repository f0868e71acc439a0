"""Values as a person reads them: short, in a settled order, and with nothing invisible in them."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np

WIDTH = 100


def shown(value: Any) -> str:
    """Return ``value`` in a few lines that a person can read.

    >>> shown(np.array([1000.0, 0.268941]))
    '[1.0000e+03 2.6894e-01]'
    >>> shown({"b", "a"}), shown(-1.0000000000000027)
    ("{'a', 'b'}", '-1')
    >>> shown("a" * 500)[-6:]
    "aaaa…'"
    """
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, threshold=40, edgeitems=3, max_line_width=WIDTH)
        return text if value.ndim < 2 else f"{text}  shape {value.shape}"
    text = _written(value)
    return text if len(text) <= 3 * WIDTH else f"{text[: 3 * WIDTH]}…{text[-1]}"


def spelt_out(text: str) -> str:
    r"""Return ``text`` with the accents that stand alone as codes, or unchanged if there are none.

    Otherwise *é* made of two characters and *é* made of one would be shown as the same thing.

    >>> print(spelt_out("cafe\u0301"), spelt_out("caf\u00e9"))
    cafe\u0301 café
    """
    if unicodedata.normalize("NFC", text) == text:
        return text
    return "".join(f"\\u{ord(one):04x}" if unicodedata.combining(one) else one for one in text)


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, set | frozenset) and value:
        return f"{{{', '.join(sorted(map(_written, value)))}}}"
    return spelt_out(repr(value))
