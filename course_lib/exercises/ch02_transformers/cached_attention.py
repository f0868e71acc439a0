"""Exercise: attention of new tokens to what a cache holds and to each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal
from course_lib.exercises.returned import TENSOR, each


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a prompt, then one token after it, then several, in a batch with heads."""
    nothing = (normal(rng, 1, 1, 0, 2), normal(rng, 1, 1, 0, 2))
    yield Case("an empty cache", *_drawn(rng, 1, 1, 3, 2), *nothing)
    yield Case("one new token", *_drawn(rng, 1, 1, 1, 2), *_drawn(rng, 1, 1, 3, 2)[1:])
    yield Case("several new tokens", *_drawn(rng, 1, 2, 3, 2), *_drawn(rng, 1, 2, 2, 2)[1:])
    sizes = int(rng.integers(2, 4)), 3, int(rng.integers(2, 5)), 4
    kept = (sizes[0], 3, int(rng.integers(2, 5)), 4)
    yield Case("a batch", *_drawn(rng, *sizes), *_drawn(rng, *kept)[1:])
    equal = (2, 3, 3, 3)
    yield Case("equal sizes", *_drawn(rng, *equal), *_drawn(rng, *equal)[1:])


def _drawn(rng: np.random.Generator, *shape: int) -> tuple[Any, Any, Any]:
    return normal(rng, *shape), normal(rng, *shape), normal(rng, *shape)


def _mixed(q: Any, k: Any, v: Any, ahead: int) -> Any:
    """Let query i see the first i + ``ahead`` keys."""
    import torch

    queries, keys = q.shape[-2], k.shape[-2]
    seen = torch.arange(keys) < torch.arange(queries)[:, None] + ahead
    scores = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).masked_fill(~seen, -math.inf)
    return scores.softmax(-1) @ v


def _appended(old: Any, new: Any, axis: int = -2) -> Any:
    import torch

    return torch.cat([old, new], dim=axis)


def aligned_left(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Mask as if the new tokens were the first of the text."""
    k, v = _appended(old_k, k), _appended(old_v, v)
    return _mixed(q, k, v, 1), k, v


def future_open(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Let the new tokens see each other throughout."""
    k, v = _appended(old_k, k), _appended(old_v, v)
    return _mixed(q, k, v, k.shape[-2]), k, v


def new_in_front(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Put the new keys and values before the old ones."""
    ahead = old_k.shape[-2] + 1
    k, v = _appended(k, old_k), _appended(v, old_v)
    return _mixed(q, k, v, ahead), k, v


def cache_ignored(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Look at the new tokens alone, and keep all."""
    return _mixed(q, k, v, 1), _appended(old_k, k), _appended(old_v, v)


def cache_replaced(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Look at everything, and keep the new tokens alone."""
    every_k, every_v = _appended(old_k, k), _appended(old_v, v)
    return _mixed(q, every_k, every_v, old_k.shape[-2] + 1), k, v


def along_the_heads(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Join along the axis of the heads."""
    import torch

    k, v = torch.cat([old_k, k], dim=1), torch.cat([old_v, v], dim=1)
    scores = q @ k[:, : q.shape[1]].transpose(-2, -1) / q.shape[-1] ** 0.5
    return scores.softmax(-1) @ v[:, : q.shape[1]], k, v


def values_not_kept(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Keep the keys twice."""
    every_k, every_v = _appended(old_k, k), _appended(old_v, v)
    return _mixed(q, every_k, every_v, old_k.shape[-2] + 1), every_k, every_k


def one_token_after_the_other(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Let the cache grow by a token, and each look at all of it."""
    mixed = []
    for place in range(q.shape[-2]):
        old_k = _appended(old_k, k[..., place : place + 1, :])
        old_v = _appended(old_v, v[..., place : place + 1, :])
        mixed.append(_mixed(q[..., place : place + 1, :], old_k, old_v, old_k.shape[-2]))
    return _appended(mixed[0], _joined(mixed[1:])) if mixed[1:] else mixed[0], old_k, old_v


def _joined(parts: Any) -> Any:
    import torch

    return torch.cat(parts, dim=-2)


def by_formula(q: Any, k: Any, v: Any, old_k: Any, old_v: Any) -> Any:
    """Mask the whole text's square, and keep its last rows."""
    ahead = old_k.shape[-2] + 1
    k, v = _appended(old_k, k), _appended(old_v, v)
    return [_mixed(q, k, v, ahead), k, v]


EXERCISE = Exercise(
    name="cached_attention",
    points=3,
    difficulty=4,
    minutes=15,
    reference="course_lib.exercises.ch02_transformers.references:cached_attention",
    withhold=("course_lib.models.blocks.attention", "course_lib.models.blocks.cache"),
    cases=cases,
    returns=each(TENSOR),
    alternatives=(one_token_after_the_other, by_formula),
    not_by=("course_lib.models:attention", "course_lib.models.blocks.attention:attention"),
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("aligned to the left", aligned_left,
                "The mask takes the new tokens for the first of the text, as is_causal=True does. "
                "They are its *last*: query i sees the whole cache and i + 1 new keys."),
        Mistake("the future open", future_open,
                "Without a mask, a new token sees the new ones behind it. That is right for a "
                "single one only: several are causal among themselves."),
        Mistake("new ones in front", new_in_front,
                "You put the new keys before the old ones. The text goes on at its end: "
                "torch.cat([old_k, k])."),
        Mistake("the cache ignored", cache_ignored,
                "The new tokens look at each other alone, so the model forgets its prompt. Join "
                "old and new first, and look at all."),
        Mistake("the cache replaced", cache_replaced,
                "You return the new keys and values alone, so that the next token would find no "
                "text before it. The cache is old *and* new."),
        Mistake("along the heads", along_the_heads,
                "You joined along the axis of the heads, so the text has not grown, and there are "
                "more heads than the model has. Time is the last axis but one: dim=-2."),
        Mistake("values not kept", values_not_kept,
                "The second part of the cache holds keys again. Keys and values are kept apart."),
    ),
    hints=(
        "After a cache of three, two new tokens come. Which of the five keys may each of them see?",
        "Join old and new along the time, dim=-2. Then the mask has a row for each query and a "
        "column for each key; how far must the diagonal of tril move?",
        "seen = torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries), and "
        "F.scaled_dot_product_attention(q, k, v, attn_mask=seen)",
    ),
)  # fmt: skip
