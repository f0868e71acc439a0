"""Probes of chapter 03: tensors for arrays, small models to group and to train, predictions."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from course_lib.exercises.probes import as_tensor, call_counting_steps

if TYPE_CHECKING:
    from course_lib.exercises.case import Case


def counting_steps_with_tensors(function: Any, case: Case) -> Any:
    """Return the value and how many lines of Python the call ran, with tensors for arrays."""
    from course_lib.exercises.case import Case

    counted = call_counting_steps(function, Case(case.aspect, *map(as_tensor, case.arguments)))
    return {**counted, "value": float(counted["value"])}


def order_of_lines(function: Any, case: Case) -> dict[str, Any]:
    """Return the order of the lines, as letters, and which rule it is to be held to."""
    return {"rule": case.settings["rule"], "order": "".join(function())}


def grouped_names(function: Any, case: Case) -> Any:
    """Return the two lists of names that the function gives for a model of the case's parts."""
    return [list(names) for names in function(_model_of(case.settings["parts"]))]


def trained_for_an_epoch(function: Any, case: Case) -> dict[str, Any]:
    """Train a small model by the function; return what the case asks to look at.

    The model predicts a token from the one before it. It notes in which mode, and with or without
    gradients, each forward pass was made.
    """
    import torch

    asked = case.settings
    torch.manual_seed(0)  # dropout draws from the global generator
    model = _bigram_model(as_tensor(asked["embedding"]), as_tensor(asked["head"]), asked["dropout"])
    model.train(not asked["begins_in_eval"])
    optimiser = torch.optim.SGD(model.parameters(), lr=0.5)
    batches = [as_tensor(batch) for batch in asked["batches"]]
    report = function(model, optimiser, batches, as_tensor(asked["held_out"]), asked["most"])
    seen = {
        "training": report["training"],
        "held out": report["held out"],
        "weights": [weight.detach().numpy().copy() for weight in model.parameters()],
        "left in training mode": model.training,
        "passes": [list(note) for note in model.notes],
    }
    return {name: seen[name] for name in asked["look"]}


def predicted_characters(function: Any, case: Case) -> Any:
    """Train by the function, and return the probabilities that its model gives for contexts."""
    return function(*case.arguments)(case.settings["contexts"])


def taken_up(function: Any, case: Case) -> Any:
    """Take a snapshot of a run, perhaps train on, and return what a new run gets from it.

    What the snapshot lacks stays as it is in a run that has just begun.
    """
    asked = case.settings
    seed, steps = asked["seed"], asked["steps"]
    model, optimiser, generator = _new_run(seed)
    _steps(model, optimiser, generator, steps)
    kept = function(model, optimiser, generator, steps)
    _steps(model, optimiser, generator, asked.get("trained_on", 0))
    model, optimiser, generator = _new_run(seed)
    model.load_state_dict(kept.get("model", {}), strict=False)
    if "optimiser" in kept:
        optimiser.load_state_dict(kept["optimiser"])
    if "generator" in kept:
        generator.set_state(kept["generator"])
    found = {
        "weights": [weight.detach().numpy().copy() for weight in model.parameters()],
        "buffers": [float(value.sum()) for value in model.buffers()],
        "means": [float(state["exp_avg"].sum()) for state in optimiser.state.values()],
        "draws": _batch(generator)[0].numpy(),
        "step": kept.get("step"),
    }
    return found[asked["look"]]


def _new_run(seed: int) -> tuple[Any, Any, Any]:
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(seed)
    # No bias before the norm: its gradient is rounding alone, which AdamW would make large.
    layers = nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), nn.Linear(4, 1)
    model = nn.Sequential(*layers)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.5, generator=generator)
    return model, torch.optim.AdamW(model.parameters(), lr=0.1), generator


def _batch(generator: Any) -> tuple[Any, Any]:
    import torch

    inputs = torch.randn(6, 3, generator=generator)
    return inputs, inputs.sum(dim=1, keepdim=True)


def _steps(model: Any, optimiser: Any, generator: Any, steps: int) -> None:
    for _ in range(steps):
        inputs, targets = _batch(generator)
        optimiser.zero_grad()
        (model(inputs) - targets).square().mean().backward()
        optimiser.step()


def _model_of(parts: list[str]) -> Any:
    from torch import nn

    made: dict[str, Any] = {
        "linear": lambda: nn.Linear(3, 4),
        "without bias": lambda: nn.Linear(3, 3, bias=False),
        "norm": lambda: nn.LayerNorm(4),
        "scale": lambda: nn.PReLU(4),
        "embedding": lambda: nn.Embedding(5, 4),
        "convolution": lambda: nn.Conv2d(1, 2, 3),
        "frozen": lambda: nn.Linear(4, 4).requires_grad_(False),
    }
    layers = OrderedDict((f"part{i}", made[part]()) for i, part in enumerate(parts) if part in made)
    if "tied" in parts:
        layers["head"] = nn.Linear(4, 5, bias=False)
        layers["head"].weight = next(layers[name] for name in layers).weight
    return nn.Sequential(layers)


def _bigram_model(first: Any, second: Any, dropout: float) -> Any:
    import torch
    from torch import nn

    class Bigrams(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Parameter(first)
            self.head = nn.Parameter(second)
            self.dropout = nn.Dropout(dropout)
            self.notes: list[tuple[bool, bool]] = []

        def forward(self, ids: Any) -> Any:
            self.notes.append((self.training, torch.is_grad_enabled()))
            return self.dropout(self.embedding[ids]) @ self.head

    return Bigrams()
