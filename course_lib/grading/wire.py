"""The wire between the grader and a stranger's process: plain values as data, and nothing else.

A frame is ``WP01``, the header's length, the number of arrays, the header (JSON in UTF-8), then
each array's length and bytes. Values that JSON lacks are tagged: ``{"t": [...]}`` is a tuple,
``{"a": 0, ...}`` is array 0. Nothing on the way can run code; whatever breaks the form or a bound
is a ``WireError`` and nothing else.
"""

from __future__ import annotations

import base64
import json
import math
import socket
import struct
import time
from typing import Any

import numpy as np

from course_lib.errors import CourseError

MAGIC = b"WP01"
HEADER_BYTES = 4 * 2**20
ARRAY_BYTES = 64 * 2**20
ARRAYS = 4096
DEPTH = 40
SAFE_INTEGER = 2**53
DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)
HEAD = struct.Struct("!4sII")
LENGTH = struct.Struct("!Q")


class WireError(CourseError):
    """What came over the wire is too large, malformed, of a forbidden type, or late."""


def encode(value: Any) -> bytes:
    """Return the frame of a plain value; raises ``WireError`` for any other value.

    >>> decode(encode({"ids": (1, 2.5, None), b"key": {"a"}}))
    {'ids': (1, 2.5, None), b'key': {'a'}}
    """
    arrays: list[np.ndarray] = []
    header = json.dumps(_tagged(value, arrays, 0), separators=(",", ":")).encode()
    if len(header) > HEADER_BYTES:
        raise WireError("the value", expected=f"at most {HEADER_BYTES} bytes", got=len(header))
    if sum(array.nbytes for array in arrays) > ARRAY_BYTES:
        raise WireError("the arrays", expected=f"at most {ARRAY_BYTES} bytes", got="more")
    parts = [HEAD.pack(MAGIC, len(header), len(arrays)), header]
    for array in arrays:
        parts += [LENGTH.pack(array.nbytes), array.tobytes()]
    return b"".join(parts)


def decode(frame: bytes) -> Any:
    """Return the value of one whole frame; raises ``WireError`` for anything that is not one."""
    header_size, count = _head(frame[: HEAD.size])
    position = HEAD.size + header_size
    header, buffers, total = frame[HEAD.size : position], [], 0
    for _ in range(count):
        size = _array_size(frame[position : position + LENGTH.size], total)
        position += LENGTH.size
        buffers.append(frame[position : position + size])
        position, total = position + size, total + size
    if len(header) < header_size or position != len(frame):
        raise WireError("the frame", expected=f"{position} bytes", got=len(frame))
    return _value(header, buffers)


def send(sock: socket.socket, value: Any, deadline: float) -> None:
    """Send one value before ``deadline`` (of ``time.monotonic``)."""
    view = memoryview(encode(value))
    while view:
        sock.settimeout(_left(deadline))
        try:
            view = view[sock.send(view[: 2**20]) :]
        except OSError as error:
            raise WireError("sending", got=type(error).__name__) from error


def receive(sock: socket.socket, deadline: float) -> Any:
    """Return the next value; one deadline for the whole message, however slowly it trickles."""
    header_size, count = _head(_exactly(sock, HEAD.size, deadline))
    header, buffers, total = _exactly(sock, header_size, deadline), [], 0
    for _ in range(count):
        size = _array_size(_exactly(sock, LENGTH.size, deadline), total)
        buffers.append(_exactly(sock, size, deadline))
        total += size
    return _value(header, buffers)


def _head(data: bytes) -> tuple[int, int]:
    if len(data) < HEAD.size:
        raise WireError("the frame", expected="a head", got=f"{len(data)} bytes")
    magic, header_size, count = HEAD.unpack(data)
    if magic != MAGIC or header_size > HEADER_BYTES or count > ARRAYS:
        raise WireError("the frame's head", expected=f"{MAGIC!r} and sizes within bounds")
    return header_size, count


def _array_size(data: bytes, total: int) -> int:
    if len(data) < LENGTH.size:
        raise WireError("the frame", expected="an array's length", got="less")
    (size,) = LENGTH.unpack(data)
    if total + size > ARRAY_BYTES:
        raise WireError("the arrays", expected=f"at most {ARRAY_BYTES} bytes", got=total + size)
    return int(size)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise WireError("the answer", expected="in time", got="nothing more")
    return left


def _exactly(sock: socket.socket, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        sock.settimeout(_left(deadline))
        try:
            piece = sock.recv(min(size - len(data), 2**20))
        except TimeoutError:
            continue
        except OSError as error:
            raise WireError("receiving", got=type(error).__name__) from error
        if not piece:
            raise WireError("the other side", expected=f"{size} bytes", got="the end")
        data += piece
    return bytes(data)


def _value(header: bytes, buffers: list[bytes]) -> Any:
    try:
        return _untagged(json.loads(header), buffers, 0)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise WireError("the frame's header", got=f"{type(error).__name__}: {error}") from error


def _tagged(value: Any, arrays: list[np.ndarray], depth: int) -> Any:
    kind = type(value)
    if depth > DEPTH:
        raise WireError("the value", expected=f"at most {DEPTH} levels", got="more")
    if value is None or kind in (bool, str):
        return (
            value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            if value and kind is str
            else value
        )
    if kind is int:
        return value if abs(value) < SAFE_INTEGER else {"i": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"f": repr(value)}
    if kind is bytes:
        return {"b": base64.b64encode(value).decode()}
    if kind is np.ndarray and value.dtype.name in DTYPES and len(arrays) < ARRAYS:
        arrays.append(np.ascontiguousarray(value))
        return {"a": len(arrays) - 1, "dtype": value.dtype.name, "shape": list(value.shape)}
    tags: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "z"}
    if kind in tags:
        return {tags[kind]: [_tagged(item, arrays, depth + 1) for item in value]}
    if kind is dict:
        pairs = [[_tagged(part, arrays, depth + 1) for part in pair] for pair in value.items()]
        return {"d": pairs}
    raise WireError("the value", expected="plain data", got=kind.__name__)


def _untagged(node: Any, buffers: list[bytes], depth: int) -> Any:
    if depth > DEPTH:
        raise WireError("the value", expected=f"at most {DEPTH} levels", got="more")
    if not isinstance(node, dict):
        if isinstance(node, list):
            raise WireError("the frame's header", expected="a tagged value", got="a bare list")
        return node
    tag = next(iter(node), "")
    body: Any = node.get(tag)
    if tag in ("l", "t", "s", "z"):
        items = [_untagged(item, buffers, depth + 1) for item in body]
        return {"l": list, "t": tuple, "s": set, "z": frozenset}[tag](items)
    if tag == "d":
        return {
            _untagged(key, buffers, depth + 1): _untagged(item, buffers, depth + 1)
            for key, item in body
        }
    return _untagged_leaf(tag, body, node, buffers)


def _untagged_leaf(tag: str, body: Any, node: dict[str, Any], buffers: list[bytes]) -> Any:
    if tag == "i":
        return int(body, 16)
    if tag == "f" and body in ("nan", "inf", "-inf"):
        return float(body)
    if tag == "b":
        return base64.b64decode(body, validate=True)
    if tag == "a" and node["dtype"] in DTYPES and type(body) is int and body >= 0:
        shape = [int(size) for size in node["shape"]]
        if body >= len(buffers) or len(shape) > 32 or any(size < 0 for size in shape):
            raise WireError("an array", expected="a place and a shape that exist")
        return np.frombuffer(buffers[body], node["dtype"]).reshape(shape).copy()
    raise WireError("the frame's header", expected="a known tag", got=repr(tag)[:40])
