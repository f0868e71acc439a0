"""Try something with a model, and find it afterwards as if nothing had happened."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

State = Sequence[nn.Module | torch.optim.Optimizer]


@contextmanager
def as_before(device: torch.device, state: State) -> Iterator[None]:
    """Put back the weights, gradients, modes, optimizer states and random numbers on leaving.

    The copies lie in the CPU's memory, so that they take nothing from the device's.

    >>> layer = nn.Linear(1, 1, bias=False)
    >>> before = layer.weight.item()
    >>> with as_before(torch.device("cpu"), [layer]):
    ...     _ = nn.init.constant_(layer.weight, 7.0)
    >>> layer.weight.item() == before
    True
    """
    with ExitStack() as on_leaving:
        on_leaving.callback(_remember_random_numbers(device))
        for part in state:
            if isinstance(part, nn.Module):
                on_leaving.callback(_remember_module(part))
            else:
                on_leaving.callback(_remember_optimizer(part))
        yield


def _remember_module(module: nn.Module) -> Callable[[], None]:
    weights = _copy_on_cpu(module.state_dict())
    modes = [(part, part.training) for part in module.modules()]
    gradients = [(weight, weight.grad) for weight in module.parameters()]
    for weight, _ in gradients:
        weight.grad = None  # a trial adds to gradients in place; these must not change

    def put_back() -> None:
        module.load_state_dict(weights)
        for part, mode in modes:
            part.training = mode
        for weight, gradient in gradients:
            weight.grad = gradient

    return put_back


def _remember_optimizer(optimizer: torch.optim.Optimizer) -> Callable[[], None]:
    settings = _copy_on_cpu(optimizer.state_dict())

    def put_back() -> None:
        optimizer.state.clear()
        optimizer.load_state_dict(settings)

    return put_back


def _remember_random_numbers(device: torch.device) -> Callable[[], None]:
    everywhere = torch.get_rng_state()
    if device.type == "cuda":
        here = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        here = torch.mps.get_rng_state()

    def put_back() -> None:
        torch.set_rng_state(everywhere)
        if device.type == "cuda":
            torch.cuda.set_rng_state(here, device)
        elif device.type == "mps":
            torch.mps.set_rng_state(here)

    return put_back


def _copy_on_cpu(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, dict):
        return {key: _copy_on_cpu(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy_on_cpu(item) for item in value]
    return copy.copy(value)
