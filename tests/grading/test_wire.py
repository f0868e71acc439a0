import json
import random
import socket
import struct
import threading
import time
import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from course_lib.grading.isolation import tagging, wire
from course_lib.grading.isolation.tagging import WireError

keys = st.text(max_size=5) | st.integers() | st.booleans() | st.none()
dtypes = st.sampled_from(sorted(tagging.DTYPES))
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=20)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st_numpy.arrays(dtypes, st_numpy.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip

RICH = {
    "array": np.arange(6.0).reshape(2, 3), "pair": (1, -2.5), "words": ["a", "ä", None, True],
    b"bytes": {1, 2, 3}, 7: 2**80, "far": float("inf"), "deep": [[[{"x": ()}]]],
}  # fmt: skip


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other or (one != one and other != other)


def framed(header, *buffers, magic=b"WP01"):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    frame = struct.pack("!4sII", magic, len(text), len(buffers)) + text
    return frame + b"".join(struct.pack("!Q", len(buffer)) + buffer for buffer in buffers)


@given(values)
@settings(deadline=None, max_examples=200)
def test_every_plain_value_comes_back_as_it_was_sent(value):
    assert same(wire.decode(wire.encode(value)), value)


def test_ten_thousand_mutated_frames_raise_our_error_or_give_plain_data():
    rng = random.Random(20)
    frame = wire.encode(RICH)
    refused = 0
    for _ in range(10_000):
        try:
            value = wire.decode(mutated(frame, rng))
        except WireError:
            refused += 1
        else:
            wire.encode(value)  # what is not refused is plain, or this raises
    assert 5_000 < refused < 10_000


def mutated(frame, rng):
    data = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        kind, place = rng.randrange(4), rng.randrange(len(data))
        if kind == 0:
            data[place] = rng.randrange(256)
        elif kind == 1:
            del data[place : place + rng.randint(1, 8)]
        elif kind == 2:
            data[place:place] = rng.randbytes(rng.randint(1, 8))
        else:
            data[place] ^= 1 << rng.randrange(8)
        data = data or bytearray(b"x")
    return bytes(data)


@given(
    st.binary(max_size=200) | st.lists(st.integers() | st.text()).map(json.dumps).map(str.encode)
)
def test_any_bytes_for_a_header_raise_our_error_or_give_plain_data(header):
    try:
        value = wire.decode(framed(header))
    except WireError:
        return
    assert same(wire.decode(wire.encode(value)), value)


class Words(str):
    pass


@pytest.mark.parametrize(
    "value",
    [object(), len, Words("a"), np.array([{}]), np.array(["a"]), np.float64(1), 2**10_000, 1j,
     torch.ones(2), range(3), type, Ellipsis],
)  # fmt: skip
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(WireError):
        wire.encode([value])


@pytest.mark.parametrize(
    "header",
    [
        {"a": 0, "dtype": "object", "shape": [1]}, {"a": 0, "dtype": "O", "shape": [1]},
        {"a": 0, "dtype": "float64", "shape": [-1]}, {"a": 1, "dtype": "int8", "shape": [8]},
        {"a": True, "dtype": "int8", "shape": [8]}, {"a": 0, "dtype": ["int8"], "shape": [8]},
        {"a": 0, "dtype": "float64", "shape": [2]}, {"a": 0, "dtype": "int8", "shape": [1e999]},
        {"a": 0, "dtype": "int8", "shape": [8], "form": "tensor"}, None, {"x": 1}, {}, [1],
        {"d": [[{"l": []}, 1]]}, {"s": [{"d": []}]}, {"i": "0x" + "f" * 10_000}, {"i": 5},
        {"f": "1e3"}, {"l": {"a": 1}}, {"t": "ab"}, {"b": "%%"}, {"l": [{"l": 3}]}, 2**60,
    ],
)  # fmt: skip
def test_a_forged_header_is_refused(header):
    with pytest.raises(WireError):
        wire.decode(framed(header, b"\0" * 8))


def test_one_array_cannot_be_used_many_times():
    again = {"a": 0, "dtype": "int8", "shape": [2**20]}
    frame = framed({"l": [again] * 500}, b"\0" * 2**20)
    tracemalloc.start()
    with pytest.raises(WireError):
        wire.decode(frame)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_nesting_stops_at_forty_levels():
    value = 1
    for _ in range(50):
        value = [value]
    with pytest.raises(WireError):
        wire.encode(value)
    with pytest.raises(WireError):
        wire.decode(framed(b'{"l":[' * 5000 + b"]}" * 5000))


def test_keys_that_collide_on_purpose_end_within_seconds():
    items = [{"i": hex((2**61 - 1) * k)} for k in range(1, 20_000)]
    began = time.monotonic()
    with pytest.raises(WireError):
        wire.decode(framed({"s": items}))
    assert time.monotonic() - began < 2


def test_requests_may_hold_tensors_and_numpy_scalars():
    sent = {"x": torch.arange(6.0).view(2, 3), "n": np.int64(3), "word": np.str_("a")}
    came = wire.decode(wire.encode(sent, native=True), native=True)
    assert torch.equal(came["x"], sent["x"])
    assert type(came["n"]) is np.int64
    assert came["n"] == 3
    assert came["word"] == "a"


def test_a_message_of_many_mebibytes_passes_through_a_socket():
    ours, theirs = socket.socketpair()
    array = np.random.default_rng(0).normal(size=500_000)
    deadline = time.monotonic() + 10
    with ours, theirs:
        thread = threading.Thread(target=wire.send, args=(ours, wire.encode(array), deadline))
        thread.start()
        came, size = wire.receive(theirs, deadline)
        thread.join()
    assert np.array_equal(came, array)
    assert size == array.nbytes


def test_more_bytes_than_the_rest_of_the_allowance_are_refused():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, wire.encode(np.zeros(100)), time.monotonic() + 1)
        with pytest.raises(WireError):
            wire.receive(theirs, time.monotonic() + 1, most=799)


def test_one_deadline_holds_for_a_whole_message_that_trickles():
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def trickle():
        for byte in wire.encode("a" * 1000):
            if stop.wait(0.02):
                return
            ours.send(bytes([byte]))

    with ours, theirs:
        thread = threading.Thread(target=trickle)
        thread.start()
        began = time.monotonic()
        with pytest.raises(WireError):
            wire.receive(theirs, began + 0.3)
        stop.set()
        thread.join()
    assert time.monotonic() - began < 0.6


def test_a_closed_socket_is_our_error():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        with pytest.raises(WireError):
            wire.receive(theirs, time.monotonic() + 1)


def test_bfloat16_tensors_reach_the_worker_as_they_are():
    sent = torch.tensor([[1.5, -2.0], [0.0, 3.25]], dtype=torch.bfloat16)
    got = wire.decode(wire.encode({"x": sent}, native=True), native=True)["x"]
    assert got.dtype == torch.bfloat16
    assert torch.equal(got, sent)
    with pytest.raises(WireError):
        wire.decode(wire.encode({"x": sent}, native=True))
