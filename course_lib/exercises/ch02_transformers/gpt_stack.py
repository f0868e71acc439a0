"""Debug: the constructor's arguments are misplaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch02_transformers.probes import sizes_of_stack
from course_lib.exercises.returned import MODULE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield sizes that are all different, and ask for each thing by itself."""
    heads = int(rng.choice([2, 4]))
    sizes = (8 * int(rng.integers(1, 4)), heads, int(rng.integers(33, 64)), int(rng.integers(3, 5)))
    yield Case("one stack, no decoder", *sizes).setting(what=["decoder layers", "takes a mask"])
    yield Case("width and heads", *sizes).setting(what=["widths", "heads"])
    yield Case("the hidden width", *sizes).setting(what=["hidden"])
    yield Case("the number of layers", *sizes).setting(what=["layers"])
    yield Case("batch first", *sizes).setting(what=["batch first"])


def as_in_the_listing(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Give the arguments by place."""
    from torch import nn

    return nn.Transformer(width, hidden, layers)


def still_with_a_decoder(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Mend the arguments, and keep the decoder."""
    from torch import nn

    return nn.Transformer(width, heads, layers, layers, hidden, batch_first=True)


def time_first(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Leave the batch behind the time."""
    from torch import nn

    layer = nn.TransformerEncoderLayer(width, heads, hidden)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def hidden_by_default(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Forget the hidden width, which is 2,048 then."""
    from torch import nn

    layer = nn.TransformerEncoderLayer(width, heads, batch_first=True)
    return nn.TransformerEncoder(layer, layers)


def one_layer(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Return a single layer."""
    from torch import nn

    return nn.TransformerEncoderLayer(width, heads, hidden, batch_first=True)


def layers_in_a_row(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Put the layers into nn.Sequential."""
    from torch import nn

    made = (
        nn.TransformerEncoderLayer(width, heads, hidden, batch_first=True) for _ in range(layers)
    )
    return nn.Sequential(*made)


def by_keywords(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Name every argument, and normalise first."""
    from torch import nn

    layer = nn.TransformerEncoderLayer(
        d_model=width, nhead=heads, dim_feedforward=hidden, batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, num_layers=layers, enable_nested_tensor=False)


def from_a_list(width: int, heads: int, hidden: int, layers: int) -> Any:
    """Make the first layer's stack, and give it layers of its own."""
    from torch import nn

    def made() -> Any:
        return nn.TransformerEncoderLayer(width, heads, hidden, activation="gelu", batch_first=True)

    stack = nn.TransformerEncoder(made(), 1, enable_nested_tensor=False)
    stack.layers = nn.ModuleList([made() for _ in range(layers)])
    return stack


EXERCISE = Exercise(
    name="gpt_stack",
    points=2,
    difficulty=2,
    minutes=10,
    kind="debug",
    reference="course_lib.exercises.ch02_transformers.references:gpt_stack",
    cases=cases,
    returns=MODULE,
    alternatives=(by_keywords, from_a_list),
    probe=sizes_of_stack,
    mistakes=(
        Mistake("as in the listing", as_in_the_listing,
                "nn.Transformer's second argument is the number of *heads* and its third the "
                "number of encoder layers: hidden is neither. Look at help(nn.Transformer)."),
        Mistake("still with a decoder", still_with_a_decoder,
                "The sizes are right, but nn.Transformer is an encoder *and* a decoder. A GPT has "
                "one stack: TransformerEncoder, which a causal mask makes a GPT."),
        Mistake("batch behind the time", time_first,
                "Without batch_first=True, PyTorch takes the first axis for the time: it would "
                "attend across the texts of the batch, and no error would tell."),
        Mistake("hidden by default", hidden_by_default,
                "dim_feedforward was not given, so it is 2,048 whatever you asked for."),
        Mistake("a single layer", one_layer,
                "This is one layer. nn.TransformerEncoder(layer, layers) stacks copies of it."),
        Mistake("layers in nn.Sequential", layers_in_a_row,
                "nn.Sequential hands on x alone, so no mask reaches the layers, and the next "
                "exercise needs one. nn.TransformerEncoder(layer, layers) passes it on."),
    ),
    hints=(
        "Read help(torch.nn.Transformer): what do its second and third arguments mean?",
        "Which class is a single stack of self-attention blocks? It takes a layer and a number.",
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(width, heads, hidden, batch_first=True), "
        "layers)",
    ),
)  # fmt: skip
