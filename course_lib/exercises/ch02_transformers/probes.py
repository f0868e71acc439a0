"""Probes of chapter 02: how a learner's object is tried where a plain call is not enough."""

from __future__ import annotations

import inspect
from typing import Any

from course_lib.exercises.case import Case


def sizes_of_stack(function: Any, case: Case) -> dict[str, Any]:
    """Return what the built module consists of; its weights play no part."""
    from torch import nn

    stack = function(*case.arguments)
    parts = list(stack.modules())
    layers = [part for part in parts if isinstance(part, nn.TransformerEncoderLayer)]
    looks = [layer.self_attn for layer in layers]
    found = {
        "widths": sorted({look.embed_dim for look in looks}),
        "heads": sorted({look.num_heads for look in looks}),
        "hidden": sorted({layer.linear1.out_features for layer in layers}),
        "layers": len(layers),
        "decoder layers": sum(isinstance(part, nn.TransformerDecoderLayer) for part in parts),
        "takes a mask": "mask" in inspect.signature(stack.forward).parameters,
        "batch first": [look.batch_first for look in looks][:1],
    }
    return {name: found[name] for name in case.settings["what"]}


def read_with_stack(function: Any, case: Case) -> Any:
    """Call the function with a small stack of its own, whose weights come from the case's seed."""
    import torch
    from torch import nn

    x, seed = case.keywords["x"], case.settings["seed"]
    layer = nn.TransformerEncoderLayer(x.shape[-1], 2, 16, dropout=0.0, batch_first=True)
    stack = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.normal_(0, 0.5, generator=generator)
    return function(stack, x)


def with_gradient(function: Any, case: Case) -> Any:
    """Call the function with a first tensor that asks for its gradient, as a model's logits do."""
    first, *others = case.arguments
    return function(first.clone().requires_grad_(), *others)


def each_text(function: Any, case: Case) -> list[int]:
    """Return what the function guesses for each text."""
    return [int(function(text)) for text in case.arguments[0]]
