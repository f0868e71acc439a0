"""The wire between the grader and a stranger's process: plain values as data, and nothing else.

A frame is ``WP01``, the header's length, the number of arrays, the header (tagged JSON in UTF-8),
then each array's length and bytes. Nothing on the way can run code; whatever breaks the form or a
bound is a ``WireError`` and nothing else.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

from course_lib.grading.isolation.tagging import ARRAYS, Reader, WireError, Writer

MAGIC = b"WP01"
HEADER_BYTES = 4 * 2**20
ARRAY_BYTES = 64 * 2**20
HEAD = struct.Struct("!4sII")
LENGTH = struct.Struct("!Q")


def encode(value: Any, native: bool = False) -> bytes:
    """Return the frame of a plain value; raises ``WireError`` for any other value.

    >>> decode(encode({"ids": (1, 2.5, None), b"key": {"a"}}))
    {'ids': (1, 2.5, None), b'key': {'a'}}
    """
    writer = Writer(native)
    header = json.dumps(writer.tagged(value, 0), separators=(",", ":")).encode()
    arrays = writer.arrays
    if len(header) > HEADER_BYTES:
        raise WireError("the value", expected=f"at most {HEADER_BYTES} bytes", got=len(header))
    if sum(array.nbytes for array in arrays) > ARRAY_BYTES:
        raise WireError("the arrays", expected=f"at most {ARRAY_BYTES} bytes", got="more")
    parts = [HEAD.pack(MAGIC, len(header), len(arrays)), header]
    for array in arrays:
        parts += [LENGTH.pack(array.nbytes), array.tobytes()]
    return b"".join(parts)


def decode(frame: bytes, native: bool = False) -> Any:
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
    return _value(header, buffers, native)


def send(sock: socket.socket, frame: bytes, deadline: float) -> None:
    """Send one frame before ``deadline`` (of ``time.monotonic``)."""
    view = memoryview(frame)
    while view:
        sock.settimeout(_left(deadline))
        try:
            view = view[sock.send(view[: 2**20]) :]
        except OSError as error:
            raise WireError("sending", got=type(error).__name__) from error


def receive(sock: socket.socket, deadline: float, most: int = ARRAY_BYTES) -> tuple[Any, int]:
    """Return the next answer and the bytes of its arrays, ``most`` of them.

    There is one deadline for the whole message, however slowly it trickles.
    """
    header, buffers = _received(sock, deadline, most)
    return _value(header, buffers, False), sum(map(len, buffers))


def receive_request(sock: socket.socket, deadline: float) -> Any:
    """Return the next request, which may hold tensors and numpy scalars."""
    return _value(*_received(sock, deadline, ARRAY_BYTES), native=True)


def _received(sock: socket.socket, deadline: float, most: int) -> tuple[bytes, list[bytes]]:
    header_size, count = _head(_exactly(sock, HEAD.size, deadline))
    header, buffers, total = _exactly(sock, header_size, deadline), list[bytes](), 0
    for _ in range(count):
        size = _array_size(_exactly(sock, LENGTH.size, deadline), total, most)
        buffers.append(_exactly(sock, size, deadline))
        total += size
    return header, buffers


def _head(data: bytes) -> tuple[int, int]:
    if len(data) < HEAD.size:
        raise WireError("the frame", expected="a head", got=f"{len(data)} bytes")
    magic, header_size, count = HEAD.unpack(data)
    if magic != MAGIC or header_size > HEADER_BYTES or count > ARRAYS:
        raise WireError("the frame's head", expected=f"{MAGIC!r} and sizes within bounds")
    return header_size, count


def _array_size(data: bytes, total: int, most: int = ARRAY_BYTES) -> int:
    if len(data) < LENGTH.size:
        raise WireError("the frame", expected="an array's length", got="less")
    (size,) = LENGTH.unpack(data)
    if total + size > most:
        raise WireError("the arrays", expected=f"at most {most} bytes", got=total + size)
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


def _value(header: bytes, buffers: list[bytes], native: bool) -> Any:
    reader = Reader(buffers, native)
    try:
        value = reader.value(json.loads(header), 0)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise WireError("the frame's header", got=type(error).__name__) from error
    if any(buffer is not None for buffer in reader.buffers):
        raise WireError("the arrays", expected="each used once", got="one that is not used")
    return value
