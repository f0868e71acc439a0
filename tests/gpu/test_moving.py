from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from course_lib.gpu.moving import move

Pair = namedtuple("Pair", "tokens label")
META = torch.device("meta")  # a device that every machine has and that holds no numbers


@dataclass(frozen=True)
class Batch:
    tokens: torch.Tensor
    language: str = "zh"
    lengths: list = field(default_factory=list, init=False)


def leaf():
    return torch.ones(2)


def test_a_batch_arrives_on_the_device_with_its_values(device):
    arrived = move({"tokens": [torch.tensor([1, 2])]}, device)
    assert arrived["tokens"][0].device.type == device.type
    assert arrived["tokens"][0].tolist() == [1, 2]


@pytest.mark.parametrize("kind", [dict, OrderedDict])
def test_dictionaries_stay_what_they_are(kind):
    arrived = move(kind(a=leaf(), b=3), META)
    assert type(arrived) is kind
    assert (arrived["a"].device, arrived["b"]) == (META, 3)


def test_a_default_dictionary_keeps_its_default():
    batch = defaultdict(list, a=leaf())
    assert move(batch, META)["new"] == []


def test_named_tuples_and_tuples_and_lists_stay_what_they_are():
    arrived = move([Pair(leaf(), "pos"), (leaf(), None)], META)
    assert isinstance(arrived, list)
    assert isinstance(arrived[0], Pair)
    assert arrived[0].tokens.device == META
    assert arrived[1][0].device == META
    assert arrived[0].label == "pos"


def test_a_frozen_dataclass_with_a_field_without_init_is_followed():
    batch = Batch(leaf())
    batch.lengths.append(leaf())
    arrived = move(batch, META)
    assert isinstance(arrived, Batch)
    assert arrived.tokens.device == arrived.lengths[0].device == META
    assert arrived.language == "zh"


def test_the_original_is_not_changed():
    batch = {"a": [leaf()], "b": Batch(leaf())}
    move(batch, META)
    assert batch["a"][0].device.type == "cpu"
    assert batch["b"].tokens.device.type == "cpu"


def test_a_packed_sequence_keeps_its_batch_sizes_on_the_processor():
    arrived = move(pack_sequence([torch.ones(3), torch.ones(1)]), META)
    assert isinstance(arrived, PackedSequence)
    assert arrived.data.device == META
    assert arrived.batch_sizes.device.type == "cpu"


@pytest.mark.parametrize(
    "thing", [object(), "text", b"bytes", None, 3, torch.nn.Linear(1, 1), Batch]
)
def test_other_objects_come_back_as_the_same_object(thing):
    assert move([thing], META)[0] is thing


plain = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(st.text(max_size=2), inside, max_size=3),
        st.tuples(inside, inside),
    ),
)


@given(plain)
def test_structures_without_tensors_come_back_equal(thing):
    assert move(thing, "cpu") == thing


class Sent(torch.Tensor):
    """A tensor that notes how it is sent instead of going anywhere."""

    pinned = False

    def pin_memory(self):
        twin = self.clone().as_subclass(Sent)
        twin.pinned = True
        return twin

    def is_pinned(self):
        return self.pinned

    def to(self, device, non_blocking=False):
        return (str(device), non_blocking)


@pytest.mark.parametrize(("pin", "waits_not"), [(False, False), (True, True)])
def test_only_pinned_memory_travels_to_cuda_without_waiting(pin, waits_not):
    assert move([leaf().as_subclass(Sent)], "cuda", pin=pin) == [("cuda", waits_not)]


def test_nothing_is_pinned_for_other_devices():
    assert move([leaf().as_subclass(Sent)], "mps", pin=True) == [("mps", False)]


@pytest.mark.gpu
def test_pinned_batches_arrive_whole(device):
    batch = {"tokens": torch.arange(1000)}
    arrived = move(batch, device, pin=device.type == "cuda")
    assert torch.equal(move(arrived, "cpu")["tokens"], batch["tokens"])
