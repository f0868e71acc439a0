"""Values as a person reads them: short, in a settled order, and with nothing invisible in them."""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

WIDTH, LINES = 100, 8
MOST, EDGE = 40, 3
"""How many numbers are shown whole, and how many on each side of a place where more are there."""
ITEMS = 12
"""How many items of a list of text or containers are shown."""

Place = tuple[int, ...]


def shown(value: Any, place: Place | None = None) -> str:
    """Return ``value`` in a few lines that a person can read, around ``place`` if it is long.

    >>> shown(np.array([1000.0, 0.268941]))
    '[1.0000e+03 2.6894e-01]'
    >>> shown(np.arange(100.0), place=(50,))
    '[… 47. 48. 49. 50. 51. 52. 53. …]  [47:54] of 100'
    >>> shown({"b", "a"}), shown(-1.0000000000000027)
    ("{'a', 'b'}", '-1')
    >>> shown("a" * 500)[-6:]
    "aaaa…'"
    """
    array = _as_array(value)
    if array is not None:
        return _shown_array(array, place)
    if isinstance(value, list | tuple) and len(value) > ITEMS:
        return _shown_items(value, place)
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


def first_difference(got: Any, expected: Any) -> Place | None:
    """Return where two values of one shape first differ, or ``None``.

    >>> first_difference(np.zeros((2, 2)), np.eye(2)), first_difference([1, 2], [1, 2, 3])
    ((0, 0), (2,))
    """
    first, second = (_as_array(value) for value in (got, expected))
    if first is not None and second is not None:
        if first.shape != second.shape or not first.size or first.dtype.kind not in "biufc":
            return None
        near = np.isclose(first, second, rtol=1e-6, equal_nan=True)
        return tuple(int(index) for index in np.unravel_index(int(near.argmin()), near.shape))
    if isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        pairs = zip(got, expected, strict=False)
        least = min(len(got), len(expected))
        return (next((n for n, (a, b) in enumerate(pairs) if repr(a) != repr(b)), least),)
    return None


def argument_names(thing: Any) -> list[str]:
    """Return the names of a function's parameters, or none where it does not tell them.

    >>> argument_names(lambda text, most=3: text)
    ['text', 'most']
    """
    try:
        return list(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return []


def _as_array(value: Any) -> np.ndarray | None:
    """Return arrays, tensors and long lists of numbers as an array, anything else as ``None``."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        tensor = value.detach().cpu()
        if str(tensor.dtype) == "torch.bfloat16":
            tensor = tensor.float()
        return np.asarray(tensor.numpy())
    if isinstance(value, list) and len(value) > MOST:
        numbers = all(isinstance(item, int | float) for item in value)
        return np.asarray(value) if numbers and max(map(abs, value)) < 2**63 else None
    return None


def _shown_array(array: np.ndarray, place: Place | None) -> str:
    if array.ndim == 0:
        return _written(array.item())
    if array.size <= MOST and array.ndim <= 2:
        text = _numbers(array)
        return text if array.ndim < 2 else f"{text}  shape {array.shape}"
    at = place if place is not None and len(place) == array.ndim else (0,) * array.ndim
    if array.size == 0:
        return f"[]  shape {array.shape}"
    if array.ndim == 1:
        low, high = _window(at[0], len(array), 2 * EDGE + 1)
        text = _numbers(array[low:high]).strip("[]").strip()
        left, right = "… " * (low > 0), " …" * (high < len(array))
        return f"[{left}{text}{right}]  [{low}:{high}] of {len(array)}"
    return _shown_slice(array, at)


def _shown_slice(array: np.ndarray, at: Place) -> str:
    """Return the two last axes at the place of the others, cut to a few rows and columns."""
    block = array[at[:-2]]
    rows = _window(at[-2], block.shape[0], LINES)
    columns = _window(at[-1], block.shape[1], 2 * EDGE + 1)
    text = _numbers(block[slice(*rows), slice(*columns)])
    whole = block.shape == (rows[1] - rows[0], columns[1] - columns[0])
    cut = [str(index) for index in at[:-2]]
    cut += [] if whole else [f"{rows[0]}:{rows[1]}", f"{columns[0]}:{columns[1]}"]
    where = f"[{', '.join(cut)}] of shape {array.shape}" if cut else f"shape {array.shape}"
    return f"{text}  {where}"


def _window(place: int, size: int, most: int) -> tuple[int, int]:
    low = max(0, min(place - most // 2, size - most))
    return low, min(size, low + most)


def _numbers(array: np.ndarray) -> str:
    return np.array2string(array, precision=4, threshold=10**6, max_line_width=WIDTH)


def _shown_items(items: Sequence[Any], place: Place | None) -> str:
    low, high = _window(place[0] if place else 0, len(items), ITEMS)
    inside = ", ".join(map(_inside, items[low:high]))
    if len(inside) > 3 * WIDTH:
        inside = f"{inside[: 3 * WIDTH]} …"
    left, right = "… " * (low > 0), " …" * (high < len(items))
    return f"[{left}{inside}{right}]  [{low}:{high}] of {len(items)}"


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, set | frozenset) and value:
        return f"{{{', '.join(sorted(map(_written, value)))}}}"
    if isinstance(value, list | tuple) and value:
        inside = ", ".join(map(_inside, value))
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_inside(k)}: {_inside(v)}' for k, v in value.items())}}}"
    array = _as_array(value)
    if array is not None:
        return " ".join(_shown_array(array, None).split())
    if isinstance(value, np.generic):
        return _written(value.item())
    return spelt_out(repr(value))


def _inside(value: Any) -> str:
    """Return an item of a container: a float stays one to see, ``1.0``, unless it is long."""
    text = repr(value) if isinstance(value, float) else ""
    return text if text and len(text) <= 8 else _written(value)
