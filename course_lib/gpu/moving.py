"""Move every tensor of a nested batch to a device, and leave the rest as it is."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar, cast

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

Thing = TypeVar("Thing")


def move(thing: Thing, device: str | torch.device, *, pin: bool = False) -> Thing:
    """Return ``thing`` with all its tensors on ``device``.

    Dictionaries, lists, tuples, named tuples and dataclasses are followed, and rebuilt as what they
    were; numbers, texts, modules and all other objects come back untouched. A tensor in pinned
    memory travels to CUDA without holding up the program. ``pin`` pins the others first, which
    costs a copy: a ``DataLoader`` with ``pin_memory=True`` does it ahead of time. The way back to
    the CPU always waits, for nothing else would say when the numbers have arrived.

    >>> batch = {"tokens": torch.tensor([1, 2]), "language": "zh"}
    >>> move(batch, "cpu")
    {'tokens': tensor([1, 2]), 'language': 'zh'}
    """
    target = torch.device(device)

    def moved(tensor: Any) -> Any:
        if target.type != "cuda" or not _on_cpu(tensor):
            return tensor.to(target)
        source = tensor.pin_memory() if pin else tensor
        return source.to(target, non_blocking=source.is_pinned())

    return cast(Thing, _rebuilt(thing, moved))


def _on_cpu(tensor: Tensor | PackedSequence) -> bool:
    data = tensor.data if isinstance(tensor, PackedSequence) else tensor
    return data.device.type == "cpu"


def _rebuilt(thing: Any, moved: Callable[[Any], Any]) -> Any:
    # A packed sequence is a named tuple, but its batch sizes must stay on the CPU: ask it itself.
    if isinstance(thing, Tensor | PackedSequence):
        return moved(thing)
    if isinstance(thing, tuple):
        items = [_rebuilt(item, moved) for item in thing]
        return type(thing)(*items) if hasattr(thing, "_fields") else type(thing)(items)
    if isinstance(thing, list):
        return _filled(thing, enumerate(thing), moved)
    if isinstance(thing, MutableMapping):
        return _filled(thing, thing.items(), moved)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return _dataclass_rebuilt(thing, moved)
    return thing


def _filled(thing: Any, pairs: Any, moved: Callable[[Any], Any]) -> Any:
    # A shallow copy keeps what a sub-class adds, such as the default of a defaultdict.
    twin = copy.copy(thing)
    for key, value in pairs:
        twin[key] = _rebuilt(value, moved)
    return twin


def _dataclass_rebuilt(thing: Any, moved: Callable[[Any], Any]) -> Any:
    # Past __init__ and __setattr__, so that frozen classes and fields without init work too.
    twin = copy.copy(thing)
    for field in dataclasses.fields(thing):
        if hasattr(thing, field.name):
            value = _rebuilt(getattr(thing, field.name), moved)
            object.__setattr__(twin, field.name, value)
    return twin
