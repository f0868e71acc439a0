"""Probes of chapter 02: how a learner's object is tried where a plain call is not enough."""

from __future__ import annotations

from typing import Any

from course_lib.exercises.case import Case


def entry_of_answer(function: Any, case: Case) -> Any:
    """Return one entry of the dict that the function gives, so that each can be right by itself."""
    return function(*case.arguments)[case.keywords["what"]]


def sizes_of_stack(function: Any, case: Case) -> dict[str, Any]:
    """Return what the built module consists of; its weights play no part."""
    from torch import nn

    parts = list(function(*case.arguments).modules())
    layers = [part for part in parts if isinstance(part, nn.TransformerEncoderLayer)]
    looks = [layer.self_attn for layer in layers]
    found = {
        "widths": sorted({look.embed_dim for look in looks}),
        "heads": sorted({look.num_heads for look in looks}),
        "hidden": sorted({layer.linear1.out_features for layer in layers}),
        "layers": len(layers),
        "decoder layers": sum(isinstance(part, nn.TransformerDecoderLayer) for part in parts),
        "batch first": [look.batch_first for look in looks][:1],
    }
    return {name: found[name] for name in case.keywords["what"]}


def read_with_stack(function: Any, case: Case) -> Any:
    """Call the function with a small stack of its own, whose weights come from the case's seed."""
    import torch
    from torch import nn

    x, seed = case.keywords["x"], case.keywords["seed"]
    layer = nn.TransformerEncoderLayer(x.shape[-1], 2, 16, dropout=0.0, batch_first=True)
    stack = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.normal_(0, 0.5, generator=generator)
    return function(stack, x)


def guesses_and_bar(function: Any, case: Case) -> dict[str, Any]:
    """Return what the function guesses for each text, and the bar that it should pass."""
    return {**case.keywords, "guesses": [int(function(text)) for text in case.arguments[0]]}
