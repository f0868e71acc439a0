"""Exercise: causal multi-head self-attention from matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one head first, then more, then a batch."""
    eye = torch.eye(4)
    yield Case("one head", normal(rng, 1, 3, 4), normal(rng, 4, 12), eye, 1)
    yield Case("two heads", normal(rng, 1, 4, 4), normal(rng, 4, 12), eye, 2)
    yield Case("the output matrix", normal(rng, 1, 3, 4), normal(rng, 4, 12), normal(rng, 4, 4), 2)
    yield Case("a batch", normal(rng, 2, 5, 6), normal(rng, 6, 18), normal(rng, 6, 6), 3)


def _attended(x: Any, w_qkv: Any, heads: int, *, causal: bool = True, order: str = "qkv",
              size: int | None = None) -> Any:  # fmt: skip
    batch, time, width = x.shape
    parts = dict(zip(order, (x @ w_qkv).chunk(3, dim=-1), strict=True))
    q, k, v = (parts[name].view(batch, time, heads, -1).transpose(1, 2) for name in "qkv")
    scores = q @ k.transpose(-2, -1) / math.sqrt(size or width // heads)
    if causal:
        seen = torch.ones(time, time, dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    return scores.softmax(-1) @ v


def _joined(mixed: Any) -> Any:
    return mixed.transpose(1, 2).flatten(2)


def future_seen(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Leave the causal mask out."""
    return _joined(_attended(x, w_qkv, heads, causal=False)) @ w_out


def joined_by_reshape(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Join the heads without transposing back."""
    return _attended(x, w_qkv, heads).reshape(x.shape) @ w_out


def without_output(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Forget the output matrix."""
    return _joined(_attended(x, w_qkv, heads))


def scaled_by_width(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Divide by the root of the whole width."""
    return _joined(_attended(x, w_qkv, heads, size=x.shape[-1])) @ w_out


def keys_first(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Take the first third for the keys."""
    return _joined(_attended(x, w_qkv, heads, order="kqv")) @ w_out


def one_head(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Never split into heads."""
    return _joined(_attended(x, w_qkv, 1)) @ w_out


def heads_side_by_side(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Take q, k, v of one head, then those of the next."""
    parts = (x @ w_qkv).unflatten(-1, (heads, 3, -1)).permute(3, 0, 2, 1, 4).unbind(0)
    return _joined(_seen_so_far(*parts)) @ w_out


def output_transposed(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Multiply by the transpose, as nn.Linear does with its weight."""
    return _joined(_attended(x, w_qkv, heads)) @ w_out.T


def _seen_so_far(q: Any, k: Any, v: Any) -> Any:
    time = q.shape[-2]
    seen = torch.ones(time, time, dtype=torch.bool).tril()
    scores = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).masked_fill(~seen, -math.inf)
    return scores.softmax(-1) @ v


def head_by_head(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Let each head attend by itself, and join them at the end."""
    q, k, v = (x @ w_qkv).chunk(3, dim=-1)
    pieces = zip(*(part.chunk(heads, dim=-1) for part in (q, k, v)), strict=True)
    return torch.cat([_seen_so_far(*piece) for piece in pieces], dim=-1) @ w_out


def by_einsum(x: Any, w_qkv: Any, w_out: Any, heads: int) -> Any:
    """Write all products as einsum, in float64."""
    width = x.shape[-1]
    weights = w_qkv.double().reshape(width, 3, heads, width // heads)
    q, k, v = torch.einsum("btw,wphs->pbhts", x.double(), weights)
    scores = torch.einsum("bhis,bhjs->bhij", q, k) * (width // heads) ** -0.5
    later = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
    mixed = scores.masked_fill(later, -math.inf).softmax(-1) @ v
    return torch.einsum("bhts,hsw->btw", mixed, w_out.double().reshape(heads, -1, width))


EXERCISE = Exercise(
    name="multi_head",
    points=3,
    difficulty=3,
    minutes=20,
    reference="course_lib.exercises.ch02_transformers.references:multi_head",
    withhold=("course_lib.models.blocks.attention", "course_lib.models.blocks.multi_head"),
    cases=cases,
    returns=TENSOR,
    alternatives=(head_by_head, by_einsum),
    not_by=(
        "torch.nn:MultiheadAttention", "torch.nn.functional:multi_head_attention_forward",
        "course_lib.models.blocks.multi_head:SelfAttention",
    ),
    compare=close(relative=1e-3, absolute=1e-4),
    mistakes=(
        Mistake("the future is seen", future_seen,
                "No causal mask: each token looks at those that come after it."),
        Mistake("joined by reshape", joined_by_reshape,
                "The heads were joined by reshape alone, which mixes different tokens. Undo the "
                "transpose first: transpose(1, 2), then flatten(2)."),
        Mistake("no output matrix", without_output,
                "The heads stand side by side and never meet. Multiply by w_out at the end."),
        Mistake("scaled by the width", scaled_by_width,
                "The scores were divided by √width. A head's queries are width / heads long, and "
                "that is the d of the formula."),
        Mistake("keys first", keys_first,
                "You took the first third for the keys. The columns of w_qkv hold queries, then "
                "keys, then values."),
        Mistake("one head", one_head,
                "The vectors were never split: one head of the whole width. Cut q, k and v into "
                "heads before they attend."),
        Mistake("q, k, v for each head side by side", heads_side_by_side,
                "You read the columns as q, k, v of head 0, then of head 1. They are all queries, "
                "then all keys, then all values: cut into three first, then into heads."),
        Mistake("w_out as in nn.Linear", output_transposed,
                "You multiplied by w_out.T. nn.Linear keeps its weight as (out, in) and transposes "
                "it; here w_out is (in, out), and x @ w_out is meant."),
    ),
    hints=(
        "Which four things happen between x and the result, in which order?",
        "Cut x @ w_qkv into q, k and v, and each into heads: which shape does attention want? "
        "What must happen to its result before w_out?",
        "parts = (x @ w_qkv).unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4) are q, k, v; "
        "attend; then mixed.transpose(1, 2).flatten(2) @ w_out",
    ),
)  # fmt: skip
