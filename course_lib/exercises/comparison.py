"""Comparisons: how what came differs from what was expected, in words, or ``None``.

The policy is a teacher's. A list is as good as a tuple or an array of the same shape; an integer is
as good as a float of the same value; the precision of an array is its own affair; text is not
bytes; missing values equal each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.exercises.showing import spelt_out

Comparison = Callable[[Any, Any], str | None]
Numbers = (bool, int, float, complex)


def exactly(got: Any, expected: Any) -> str | None:
    """Say how two plain values differ, or ``None`` where they are equal.

    >>> exactly([1, 2], (1, 2)) is None
    True
    >>> exactly([1, 2, 3], [1, 5, 3])
    'at [1]: got 2, expected 5'
    >>> exactly("7", 7)
    'got text where a number was expected'
    """
    return _difference(got, expected, 0.0, 0.0, "")


def close(relative: float = 1e-6, absolute: float = 1e-9) -> Comparison:
    """Return a comparison that lets numbers differ by ``absolute + relative · |expected|``.

    >>> close(relative=1e-3)([1.0004], [1.0]) is None
    True
    >>> close()(np.zeros((2, 3)), np.zeros((3, 2)))
    'got shape (2, 3), expected (3, 2)'
    """

    def compare(got: Any, expected: Any) -> str | None:
        return _difference(got, expected, relative, absolute, "")

    return compare


def in_any_order(got: Any, expected: Any) -> str | None:
    """Say how two collections differ when the order of their items does not matter.

    >>> in_any_order([("a", 1), ("b", 2)], [("b", 2), ("a", 1)]) is None
    True
    """
    if not (_is_sequence(got) and _is_sequence(expected)) and not isinstance(got, set | frozenset):
        return exactly(got, expected)
    return exactly(sorted(got, key=repr), sorted(expected, key=repr))


def _difference(got: Any, expected: Any, relative: float, absolute: float, path: str) -> str | None:
    got, expected = _unwrapped(got), _unwrapped(expected)
    if _kind(got) != _kind(expected):
        return f"{_at(path)}got {_kind(got)} where {_kind(expected)} was expected"
    if isinstance(expected, dict):
        return _dict_difference(got, expected, relative, absolute, path)
    if isinstance(expected, set | frozenset):
        return None if got == expected else _set_difference(got, expected, path)
    if _is_sequence(expected):
        return _sequence_difference(got, expected, relative, absolute, path)
    if isinstance(expected, Numbers):
        if _near(np.asarray(got), np.asarray(expected), relative, absolute):
            return None
        return f"{_at(path)}got {_short(got)}, expected {_short(expected)}"
    return None if got == expected else f"{_at(path)}got {_short(got)}, expected {_short(expected)}"


def _sequence_difference(
    got: Any, expected: Any, relative: float, absolute: float, path: str
) -> str | None:
    first, second = _as_array(got), _as_array(expected)
    if first is not None and second is not None:
        return _array_difference(first, second, relative, absolute, path)
    if len(got) != len(expected):
        return f"{_at(path)}got {_items(len(got))}, expected {len(expected)}"
    pairs = zip(got, expected, strict=True)
    differences = (
        _difference(one, other, relative, absolute, f"{path}[{index}]")
        for index, (one, other) in enumerate(pairs)
    )
    return next((difference for difference in differences if difference), None)


def _array_difference(
    got: np.ndarray, expected: np.ndarray, relative: float, absolute: float, path: str
) -> str | None:
    if got.shape != expected.shape:
        if got.ndim == expected.ndim == 1:
            return f"{_at(path)}got {_items(len(got))}, expected {len(expected)}"
        return f"{_at(path)}got shape {got.shape}, expected {expected.shape}"
    near = _near(got, expected, relative, absolute)
    if np.all(near):
        return None
    where = np.unravel_index(int(np.argmin(near)), got.shape) if got.ndim else ()
    place = path + (f"[{', '.join(str(int(index)) for index in where)}]" if where else "")
    return f"{_at(place)}got {_short(got[where])}, expected {_short(expected[where])}"


def _near(got: np.ndarray, expected: np.ndarray, relative: float, absolute: float) -> np.ndarray:
    if "O" in (got.dtype.kind, expected.dtype.kind):  # integers too large for 64 bits
        return np.asarray(got == expected, dtype=bool)
    if relative == absolute == 0.0:
        both_missing = (got != got) & (expected != expected)
        return np.asarray((got == expected) | both_missing)
    return np.asarray(np.isclose(got, expected, rtol=relative, atol=absolute, equal_nan=True))


def _dict_difference(
    got: Any, expected: Any, relative: float, absolute: float, path: str
) -> str | None:
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing or extra:
        words = [f"lacks {_short(key)}" for key in missing[:1]]
        words += [f"has {_short(key)} too many" for key in extra[:1]]
        return f"{_at(path)}the dict {' and '.join(words)}"
    differences = (
        _difference(got[key], expected[key], relative, absolute, f"{path}[{_short(key)}]")
        for key in expected
    )
    return next((difference for difference in differences if difference), None)


def _set_difference(got: Any, expected: Any, path: str) -> str:
    missing = sorted(map(_short, expected - got))[:1]
    extra = sorted(map(_short, got - expected))[:1]
    words = [f"lacks {item}" for item in missing] + [f"has {item} too many" for item in extra]
    return f"{_at(path)}the set {' and '.join(words)}"


def _as_array(value: Any) -> np.ndarray | None:
    if isinstance(value, np.ndarray):
        return value
    if not value or not all(isinstance(item, Numbers) for item in _leaves(value)):
        return None
    try:
        array: np.ndarray = np.asarray(value)
    except (ValueError, OverflowError):
        return None
    return array


def _leaves(value: Any) -> Any:
    for item in value:
        if isinstance(item, list | tuple):
            yield from _leaves(item)
        elif isinstance(item, np.ndarray) and item.ndim:
            yield item.flat[0] if item.size else 0
        else:
            yield item.item() if isinstance(item, np.ndarray) else item


def _unwrapped(value: Any) -> Any:
    """Return the number that an array without axes holds: a scalar tensor is as good as one."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _kind(value: Any) -> str:
    if isinstance(value, Numbers):
        return "a number"
    if _is_sequence(value):
        return "a list"
    names = {type(None): "None", str: "text", bytes: "bytes", dict: "a dict", set: "a set"}
    return {**names, frozenset: "a set"}.get(type(value), type(value).__name__)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _at(path: str) -> str:
    return f"at {path}: " if path else ""


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"


def _short(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    text = f"{value:.6g}" if isinstance(value, float) else spelt_out(repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"
