"""Forms: of what type a value is, in plain data that may cross to another process.

``plain`` makes arrays, tensors and lists comparable; what is lost on the way (is it a tensor? does
it carry a gradient?) decides whether the *next cell* can use it. A form keeps that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_lib.exercises.values import is_tensor

Form = dict[str, Any]
ITEMS, DEPTH = 8, 3
"""How many items of a container, and how many levels of it, a form describes."""


def form_of(value: Any, depth: int = 0) -> Form:
    """Return the form of any value.

    >>> form_of([1, 2.0])
    {'kind': 'list', 'items': [{'kind': 'int'}, {'kind': 'float'}]}
    >>> form_of(np.zeros(3, bool))
    {'kind': 'array', 'dtype': 'bool', 'axes': 1}
    """
    if is_tensor(value):
        dtype = str(value.dtype).removeprefix("torch.")
        gradient = bool(value.requires_grad)
        return {"kind": "tensor", "dtype": dtype, "axes": value.dim(), "gradient": gradient}
    if isinstance(value, np.ndarray):
        return {"kind": "array", "dtype": str(value.dtype), "axes": value.ndim}
    if isinstance(value, np.generic):
        return {"kind": "NumPy number", "dtype": str(value.dtype)}
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _container_form(value, depth)
    if callable(value) and not isinstance(value, type):
        return {"kind": "function"}
    return {"kind": type(value).__name__}


def _container_form(value: Any, depth: int) -> Form:
    kinds = {Mapping: "dict", list: "list", tuple: "tuple", set: "set", frozenset: "set"}
    kind = next(name for base, name in kinds.items() if isinstance(value, base))
    if depth >= DEPTH:
        return {"kind": kind, "items": []}
    members = value.values() if isinstance(value, Mapping) else value
    items = [form_of(item, depth + 1) for item, _ in zip(members, range(ITEMS), strict=False)]
    return {"kind": kind, "items": items}


def in_words(form: Form) -> str:
    """Return a form as a reader says it.

    >>> in_words(form_of([1, 2])), in_words(form_of(np.zeros(2))), in_words(form_of(None))
    ('a list', 'a NumPy array', 'None')
    """
    kind = str(form.get("kind"))
    names = {
        "array": "a NumPy array", "tensor": "a tensor", "NoneType": "None", "str": "text",
        "int": "an integer", "bool": "a boolean", "float": "a number", "NumPy number": "a number",
    }  # fmt: skip
    return names.get(kind, f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}")
