"""Plain values as JSON with tags, and the arrays beside it: the only data that crosses the wire.

Values that JSON lacks are tagged: ``{"t": [...]}`` is a tuple, ``{"a": 0, ...}`` is array 0.
Requests, which come from the grader, may also hold tensors and numpy scalars (``native``); answers,
which come from a stranger, may not.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

from course_lib.errors import CourseError

ARRAYS = 4096
DEPTH = 40
SAFE_INTEGER = 2**53
INTEGER_BITS = 8192
KEYS = 20_000
"""Items of sets and dicts in a whole message: their hashes can be made to collide on purpose."""
DTYPES = frozenset(
    {"bool", "complex64", "complex128", "float16", "float32", "float64"}
    | {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
)
CONTAINERS: dict[str, type] = {"l": list, "t": tuple, "s": set, "z": frozenset}
TAGS = {kind: tag for tag, kind in CONTAINERS.items()}


class WireError(CourseError):
    """What came over the wire is too large, malformed, of a forbidden type, or late."""


class Writer:
    """Turns a value into tagged JSON, and gathers its arrays."""

    def __init__(self, native: bool) -> None:
        self.arrays: list[np.ndarray] = []
        self.native = native

    def tagged(self, value: Any, depth: int) -> Any:
        """Return what JSON can hold of ``value``."""
        kind = type(value)
        if depth > DEPTH:
            raise WireError("the value", expected=f"at most {DEPTH} levels", got="more")
        if kind in TAGS:
            return {TAGS[kind]: [self.tagged(item, depth + 1) for item in value]}
        if kind is dict:
            rows = value.items()
            return {"d": [[self.tagged(part, depth + 1) for part in row] for row in rows]}
        if kind is np.ndarray:
            return self._array(value)
        if self.native and isinstance(value, np.generic):
            return str(value) if isinstance(value, np.str_) else self._array(value, "scalar")
        if self.native and kind.__module__ == "torch" and kind.__name__ == "Tensor":
            if str(value.dtype) == "torch.bfloat16":  # NumPy has no such numbers: send their bits
                return self._array(_bits(value), "bfloat16")
            return self._array(value.detach().numpy(), "tensor")
        return _tagged_leaf(value, kind)

    def _array(self, value: Any, form: str = "array") -> dict[str, Any]:
        array = np.ascontiguousarray(value).reshape(np.shape(value))
        if array.dtype.name not in DTYPES or len(self.arrays) >= ARRAYS:
            raise WireError("an array", expected="numbers", got=array.dtype.name)
        self.arrays.append(array)
        place = {"a": len(self.arrays) - 1, "dtype": array.dtype.name, "shape": list(array.shape)}
        return place if form == "array" else {**place, "form": form}


def _tagged_leaf(value: Any, kind: type) -> Any:
    if value is None or kind is bool:
        return value
    if kind is str:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if kind is int and value.bit_length() <= INTEGER_BITS:
        return value if abs(value) < SAFE_INTEGER else {"i": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"f": repr(value)}
    if kind is bytes:
        return {"b": base64.b64encode(value).decode()}
    raise WireError("the value", expected="plain data of a common size", got=kind.__name__)


class Reader:
    """Turns tagged JSON back into a value; each array may be used once."""

    def __init__(self, buffers: list[bytes], native: bool) -> None:
        self.buffers: list[bytes | None] = list(buffers)
        self.native, self.keys = native, 0

    def value(self, node: Any, depth: int) -> Any:
        """Return the value that a node of the header stands for."""
        if depth > DEPTH:
            raise WireError("the value", expected=f"at most {DEPTH} levels", got="more")
        if type(node) is list:
            raise WireError("the frame's header", expected="a tagged value", got="a bare list")
        if type(node) is int and abs(node) >= SAFE_INTEGER:
            raise WireError("a number", expected="a tag for a large one", got="none")
        if type(node) is not dict:
            return node
        tag = next(iter(node), "")
        body: Any = node.get(tag)
        if tag in CONTAINERS or tag == "d":
            return self._container(tag, body, depth + 1)
        return self._array(body, node) if tag == "a" else _leaf(tag, body)

    def _container(self, tag: str, body: Any, depth: int) -> Any:
        if type(body) is not list:
            raise WireError("the frame's header", expected="a list of items", got="something else")
        if tag in ("l", "t"):
            return CONTAINERS[tag](self.value(item, depth) for item in body)
        if tag == "d":
            pairs = [(self.value(key, depth), self.value(item, depth)) for key, item in body]
            self._hashable([key for key, _ in pairs])
            return dict(pairs)
        items = [self.value(item, depth) for item in body]
        self._hashable(items)
        return CONTAINERS[tag](items)

    def _hashable(self, keys: list[Any]) -> None:
        """Refuse more keys, or more that share a hash, than honest work has: each costs time."""
        self.keys += len(keys)
        few = self.keys <= KEYS and len(set(map(hash, keys))) >= 0.9 * len(keys)
        if not few and len(keys) > 100:
            raise WireError("sets and dicts", expected=f"at most {KEYS} items that differ")

    def _array(self, place: Any, node: dict[str, Any]) -> Any:
        shape, form = [int(size) for size in node["shape"]], node.get("form", "array")
        fits = type(place) is int and 0 <= place < len(self.buffers) and len(shape) <= 32
        if not fits or min(shape, default=0) < 0 or node["dtype"] not in DTYPES:
            raise WireError("an array", expected="a place, a shape and a dtype that exist")
        if (buffer := self.buffers[place]) is None or (form != "array" and not self.native):
            raise WireError("an array", expected="to be used once, and as an array")
        self.buffers[place] = None
        array = np.frombuffer(buffer, node["dtype"]).reshape(shape).copy()
        if form == "array":
            return array
        return array[()] if form == "scalar" else _tensor(array, form)


def _bits(tensor: Any) -> np.ndarray:
    import torch

    bits: np.ndarray = tensor.detach().contiguous().view(torch.int16).numpy()
    return bits


def _tensor(array: np.ndarray, form: str) -> Any:
    import torch

    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if form == "bfloat16" else tensor


def _leaf(tag: str, body: Any) -> Any:
    if tag == "i" and len(body) <= INTEGER_BITS // 4 + 3:
        return int(body, 16)
    if tag == "f" and body in ("nan", "inf", "-inf"):
        return float(body)
    if tag == "b":
        return base64.b64decode(body, validate=True)
    raise WireError("the frame's header", expected="a known tag", got="another one")
