"""Plain values: the only things that an answer may consist of.

What a learner returns may be a tensor, a ``Counter``, a numpy scalar or a named tuple. All of these
have an obvious plain form; whatever has none is refused with a sentence that says what to return
instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from course_lib.errors import InputError

MAX_DEPTH = 32


def plain(value: Any, depth: int = 0) -> Any:
    """Return ``value`` made of built-in numbers, text and containers, and numeric arrays.

    Raises ``InputError`` for anything that has no plain form, or is nested deeper than 32 levels.

    >>> from collections import Counter
    >>> plain(Counter("aab"))
    {'a': 2, 'b': 1}
    >>> plain((np.float64(0.5), np.int32(3), [True]))
    (0.5, 3, [True])
    """
    if depth > MAX_DEPTH:
        raise InputError("the value", expected=f"at most {MAX_DEPTH} levels of nesting", got="more")
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, str | bytes | bytearray):
        return _plain_text(value)
    if isinstance(value, np.generic | np.ndarray) or is_tensor(value):
        return _plain_array(value)
    if isinstance(value, bool | int | float):
        return _plain_number(value)
    return _plain_container(value, depth)


def _plain_number(value: bool | int | float) -> int | float:
    """Return the number inside a subclass, ``IntEnum`` for one."""
    return int.__int__(value) if isinstance(value, int) else float.__float__(value)


def _plain_text(value: str | bytes | bytearray) -> str | bytes:
    return str.__str__(value) if isinstance(value, str) else bytes(value)


def is_tensor(value: Any) -> bool:
    """Return whether a value is a tensor of PyTorch, which need not be imported to ask."""
    return any(
        base.__module__ == "torch" and base.__name__ == "Tensor" for base in type(value).__mro__
    )


def _plain_array(value: Any) -> Any:
    if is_tensor(value):
        tensor = value.detach().cpu()
        if tensor.layout is not _strided() or tensor.is_quantized:
            tensor = tensor.dequantize() if tensor.is_quantized else tensor.to_dense()
        value = (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()
    array = np.asarray(value)
    if array.dtype.kind == "U":
        return array.tolist()
    if array.dtype.kind not in "biufc":
        raise InputError("an array", expected="numbers or truth values", got=f"dtype {array.dtype}")
    return array.item() if isinstance(value, np.generic) else array


def _strided() -> Any:
    import torch

    return torch.strided


def _plain_container(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {plain(key, depth + 1): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        kind = next(base for base in (list, tuple, set, frozenset) if isinstance(value, base))
        return kind(plain(item, depth + 1) for item in value)
    if isinstance(value, range):
        return list(value)
    raise InputError(
        "the returned value",
        expected="numbers, text, lists, dicts or arrays",
        got=_article(type(value).__name__),
        remedy=_remedy(value),
    )


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def _remedy(value: Any) -> str:
    if isinstance(value, Iterator):
        return "it gives its items one by one: return list(…) of it"
    if callable(value):
        return "return its result: the call's brackets may be missing"
    return "return its contents"
