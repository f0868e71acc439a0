"""Debug: the stack sees the future."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.ch02_transformers.probes import read_with_stack
from course_lib.exercises.returned import LOSS


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one token, then longer texts and batches."""
    seed = int(rng.integers(2**31))
    yield Case("a text", x=normal(rng, 1, 3, 8)).setting(seed=seed)
    yield Case("a batch", x=normal(rng, 2, 5, 8)).setting(seed=seed + 1)


def as_in_the_listing(stack: Any, x: Any) -> Any:
    """Give no mask."""
    return stack(x)


def past_hidden(stack: Any, x: Any) -> Any:
    """Hide the past and not the future."""
    import torch

    return stack(x, mask=torch.ones(x.shape[1], x.shape[1]).tril(-1).bool())


def own_place_hidden(stack: Any, x: Any) -> Any:
    """Hide the own place as well."""
    import torch

    return stack(x, mask=torch.ones(x.shape[1], x.shape[1]).triu().bool()).nan_to_num(0.0)


def true_for_seen(stack: Any, x: Any) -> Any:
    """Give a mask that is True where one may look."""
    import torch

    return stack(x, mask=torch.ones(x.shape[1], x.shape[1]).tril().bool())


def ones_added(stack: Any, x: Any) -> Any:
    """Give zeros and ones, which are added to the scores."""
    return stack(x, mask=torch.ones(x.shape[1], x.shape[1]).triu(1))


def one_ahead(stack: Any, x: Any) -> Any:
    """Let each place see the next one."""
    return stack(x, mask=torch.ones(x.shape[1], x.shape[1]).triu(2).bool())


def without_gradients(stack: Any, x: Any) -> Any:
    """Read under no_grad."""
    with torch.no_grad():
        return by_added_mask(stack, x)


def by_added_mask(stack: Any, x: Any) -> Any:
    """Give PyTorch's own mask of 0 and −∞."""
    from torch import nn

    return stack(x, mask=nn.Transformer.generate_square_subsequent_mask(x.shape[1]), is_causal=True)


def by_repeated_mask(stack: Any, x: Any) -> Any:
    """Compare places, and call each layer in turn."""
    places = torch.arange(x.shape[1])
    for layer in stack.layers:
        x = layer(x, src_mask=places > places[:, None])
    return x


EXERCISE = Exercise(
    name="causal_reading",
    points=2,
    difficulty=3,
    minutes=10,
    kind="debug",
    reference="course_lib.exercises.ch02_transformers.references:causal_reading",
    cases=cases,
    returns=LOSS,
    alternatives=(by_added_mask, by_repeated_mask),
    probe=read_with_stack,
    compare=close(relative=1e-3, absolute=1e-4),
    mistakes=(
        Mistake("as in the listing", as_in_the_listing,
                "No mask: every place sees the whole text, the token that it should predict "
                "included. The loss falls to nothing, and the model can write nothing."),
        Mistake("the past hidden", past_hidden,
                "You hid what came *before*. In this mask True means *hidden*, and the future "
                "stands above the diagonal: triu(1)."),
        Mistake("own place hidden", own_place_hidden,
                "The diagonal is hidden too, so the first place sees nothing at all. Begin one "
                "above the diagonal: triu(1)."),
        Mistake("True for what may be seen", true_for_seen,
                "In nn.Transformer True means *hidden*, the opposite of "
                "scaled_dot_product_attention. Your mask hides the past and the own place."),
        Mistake("zeros and ones added", ones_added,
                "A mask of floats is *added* to the scores: adding 1 to the future prefers it. "
                "Give booleans, or −inf."),
        Mistake("one place ahead", one_ahead,
                "Each place sees one token too far: just the one that it is to predict."),
        Mistake("no gradients", without_gradients,
                "The numbers are right, but they carry no gradient (no_grad, detach, NumPy?), so "
                "the loss below could not train the stack."),
    ),
    hints=(
        "Which argument of nn.TransformerEncoder's call says who may look at whom?",
        "In that argument, does True mean *seen* or *hidden*? help(nn.TransformerEncoder.forward) "
        "and nn.Transformer.generate_square_subsequent_mask tell.",
        "hidden = torch.ones(time, time, dtype=torch.bool).triu(1); return stack(x, mask=hidden)",
    ),
)  # fmt: skip
