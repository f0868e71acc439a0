"""Checking a config: each field holds a value of its type, before anything is built from it.

Python doesn't look at type hints when it runs. A width that came as text from a file, or a kind of
position that is misspelt, would build another model without a word, or stop a long way from here.
"""

from __future__ import annotations

import dataclasses
import math
import types
from functools import lru_cache
from numbers import Integral, Real
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from course_lib.errors import InputError


def check_fields(config: Any) -> None:
    """Raise ``InputError`` for the first field of a dataclass whose value is not of its type.

    An ``int`` may stand for a ``float``, a ``bool`` for neither; a ``float`` must be finite.

    >>> @dataclasses.dataclass
    ... class Size:
    ...     width: int
    >>> check_fields(Size(3))
    >>> check_fields(Size("3"))
    Traceback (most recent call last):
        ...
    course_lib.errors.InputError: width: expected a whole number, got '3'
    """
    for name, hint in _hints(config.__class__).items():
        value = getattr(config, name)
        if not _fits(value, hint):
            raise InputError(name, expected=_described(hint), got=repr(value))


def check_positive(config: Any, *names: str) -> None:
    """Raise ``InputError`` for the first of these fields that is given and not above zero.

    >>> check_positive(types.SimpleNamespace(width=2, hidden=None), "width", "hidden")
    """
    for name in names:
        value = getattr(config, name)
        if value is not None and value <= 0:
            least = "at least 1" if isinstance(value, Integral) else "more than 0"
            raise InputError(name, expected=least, got=value)


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _fits(value: object, hint: Any) -> bool:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return any(value == part and type(value) is type(part) for part in parts)
    if origin is tuple:
        same = isinstance(value, tuple) and len(value) == len(parts)
        return same and all(_fits(one, part) for one, part in zip(value, parts, strict=True))  # type: ignore[call-overload]
    if isinstance(value, bool):  # a number too, to Python
        return hint is bool
    if hint is int:
        return isinstance(value, Integral)
    if hint is float:
        return isinstance(value, Real) and math.isfinite(value)
    return isinstance(value, hint)


def _described(hint: Any) -> str:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_described(part) for part in parts)
    if origin is Literal:
        return " or ".join(map(repr, parts))
    if origin is tuple:
        return f"{len(parts)} values, each {_described(parts[0])}"
    words = {
        int: "a whole number",
        float: "a finite number",
        bool: "true or false",
        str: "text",
        types.NoneType: "nothing",
    }
    return words.get(hint, f"a {getattr(hint, '__name__', hint)}")
