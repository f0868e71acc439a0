"""Exercise: scaled dot-product attention by its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import FLOAT_TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a case by hand, then more queries, heads, masks."""
    q, k = (
        torch.tensor([[2 * math.log(3.0), 0, 0, 0]]),
        torch.tensor([[0.0, 9, 0, 0], [1, 0, 0, 0]]),
    )
    yield Case("by hand", q, k, torch.tensor([[8.0], [4.0]]))
    yield Case("more keys than queries", normal(rng, 2, 3), normal(rng, 5, 3), normal(rng, 5, 2))
    drawn = normal(rng, 2, 2, 4, 3), normal(rng, 2, 2, 5, 3), normal(rng, 2, 2, 5, 2)
    yield Case("batch and heads", *drawn)
    mask = torch.tensor([[1, 0, 0, 1, 0], [1, 1, 0, 0, 1], [0, 1, 1, 0, 0], [1, 1, 1, 0, 1]]).bool()
    yield Case("a mask", *drawn, mask)
    texts = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]).bool()
    yield Case("a mask that broadcasts", *drawn, texts[:, None, None, :])
    yield Case("a mask that broadcasts", *drawn, (mask & texts[:, None])[:, None])
    blind = mask.clone()
    blind[2] = False
    yield Case("a query that sees nothing", *drawn, blind)


def _softmax(scores: Any) -> Any:
    return scores.softmax(-1).nan_to_num(0.0)


def unscaled(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Leave √d out."""
    scores = q @ k.transpose(-2, -1)
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def scaled_by_d(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Divide by d."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1]
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def scaled_by_keys(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Divide by the root of the number of keys."""
    scores = q @ k.transpose(-2, -1) / k.shape[-2] ** 0.5
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def softmax_over_queries(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Let the queries share each key."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-2).nan_to_num(0.0) @ v


def mask_inverted(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Hide what may be seen."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(mask, -math.inf)
    return _softmax(scores) @ v


def mask_added(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Add the mask as 0 and 1."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return _softmax(scores if mask is None else scores + mask) @ v


def mask_after_softmax(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Multiply the weights by the mask."""
    weights = _softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]))
    return (weights if mask is None else weights * mask) @ v


def nan_for_the_blind(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Let a query that sees nothing become nan."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def large_negative(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Put −10⁹ where nothing may be seen."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(~mask, -1e9)
    return scores.softmax(-1) @ v


def score_of_zero(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Put 0 where nothing may be seen."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return _softmax(scores if mask is None else scores.masked_fill(~mask, 0.0)) @ v


def mask_as_index(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Pick the hidden scores by the mask, as if it had their last axes."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores[..., ~mask] = -math.inf
    return _softmax(scores) @ v


def all_axes_turned(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Reverse all axes of the keys, as .T does."""
    scores = q @ k.permute(*range(k.dim() - 1, -1, -1)) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores.masked_fill(~mask, -math.inf)
    return _softmax(scores) @ v


def scaled_by_values(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Divide by the root of the values' size."""
    scores = q @ k.transpose(-2, -1) / v.shape[-1] ** 0.5
    scores = scores if mask is None else scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).nan_to_num(0.0) @ v


def by_einsum(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Scale the queries first, write the sums as einsum, and mask by torch.where."""
    scores = torch.einsum("...id,...jd->...ij", q * q.shape[-1] ** -0.5, k)
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(-math.inf))
    largest = scores.amax(-1, keepdim=True).clamp(min=-1e30)
    weights = (scores - largest).exp()
    total = weights.sum(-1, keepdim=True)
    return torch.einsum("...ij,...jd->...id", weights / total.where(total > 0, 1.0), v)


def query_by_query(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Let one query after the other take its mean."""
    found = []
    for place in range(q.shape[-2]):
        scores = (q[..., place : place + 1, :] * k).sum(-1) / math.sqrt(q.shape[-1])
        if mask is not None:
            row = mask if mask.shape[-2] == 1 else mask[..., place : place + 1, :]
            scores = scores.masked_fill(~row.squeeze(-2), -math.inf)
        found.append((_softmax(scores)[..., None] * v).sum(-2))
    return torch.stack(found, dim=-2)


EXERCISE = Exercise(
    name="scaled_attention",
    points=3,
    difficulty=2,
    minutes=12,
    reference="course_lib.models.blocks.attention:attention_by_definition",
    cases=cases,
    returns=FLOAT_TENSOR,
    alternatives=(by_einsum, query_by_query),
    not_by=(
        "torch.nn.functional:scaled_dot_product_attention", "course_lib.models:attention",
        "course_lib.models:attention_by_definition", "course_lib.models:attention_weights",
        "course_lib.models.blocks.attention:attention",
        "course_lib.models.blocks.attention:attention_by_definition",
        "course_lib.models.blocks.attention:attention_weights",
    ),
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("not scaled", unscaled,
                "The scores were not divided by √d. The products of long vectors are large, and "
                "softmax of large numbers is nearly all on one key, with no gradient."),
        Mistake("scaled by d", scaled_by_d,
                "You divided by d. A sum of d products of variance 1 has the standard "
                "deviation √d: that is what to divide by."),
        Mistake("scaled by the keys", scaled_by_keys,
                "You divided by the root of the number of *keys*. d is the length of one query: "
                "the last axis of q."),
        Mistake("softmax over the queries", softmax_over_queries,
                "The weights of one *key* sum to one. Each query shares out its own attention: "
                "softmax along the last axis, the keys."),
        Mistake("mask inverted", mask_inverted,
                "You hid what may be seen. Here True means *may be seen*: −inf goes where the mask "
                "is False, masked_fill(~mask, ...)."),
        Mistake("mask added", mask_added,
                "Adding True to a score adds 1: a hidden key still gets its share. Put −inf there, "
                "so that exp makes it 0."),
        Mistake("masked after softmax", mask_after_softmax,
                "Weights set to zero after softmax no longer sum to one. Mask the *scores*, "
                "before softmax."),
        Mistake("nan where nothing is seen", nan_for_the_blind,
                "A query that may see nothing gave nan, which would spread to the whole batch. "
                "nan_to_num(0.0) after softmax gives zeros there."),
        Mistake("−10⁹ is as good as −∞", large_negative,
                "With −10⁹ on every key, a query that may see nothing takes the mean of all of "
                "them. −∞ and nan_to_num(0.0) after softmax give it zeros."),
        Mistake("a score of 0 means no weight", score_of_zero,
                "Hidden keys got the score 0, and exp(0) is 1: they keep a weight, more than a "
                "negative score has. Put −∞ there."),
        Mistake("the mask as an index", mask_as_index,
                "scores[..., ~mask] needs a mask of (queries, keys). A mask may have axes of size "
                "1, (batch, 1, 1, keys): masked_fill(~mask, …) broadcasts, an index does not."),
        Mistake("all axes turned", all_axes_turned,
                "k.T turns *all* axes round, batch and heads too. Exchange the last two alone: "
                "k.transpose(-2, -1), or k.mT."),
        Mistake("scaled by the values", scaled_by_values,
                "You divided by the root of the *values'* size. d is the length of the vectors in "
                "the dot product: q.shape[-1]."),
    ),
    hints=(
        "How well does query i fit key j? Which product of matrices gives all these numbers at "
        "once?",
        "Four lines: scores, mask, softmax, mix. Which shape does each have?",
        "scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]); then masked_fill(~mask, "
        "-math.inf) if there is a mask; then scores.softmax(-1).nan_to_num(0.0) @ v.",
    ),
)  # fmt: skip
