"""Masks: who may look at whom. True means *may be seen*, as in PyTorch's own attention.

>>> causal_mask(3).int().tolist()
[[1, 0, 0], [1, 1, 0], [1, 1, 1]]
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from course_lib.errors import InputError


def causal_mask(
    queries: int, keys: int | None = None, *, device: torch.device | str | None = None
) -> Bool[Tensor, "queries keys"]:
    """Let each query see its own place and those before it.

    With more keys than queries (a cache) the queries are the *last* places. Raises ``InputError``
    when there are fewer keys than queries.

    >>> causal_mask(2, 4).int().tolist()
    [[1, 1, 1, 0], [1, 1, 1, 1]]
    """
    keys = queries if keys is None else keys
    if keys < queries:
        raise InputError("the keys", expected=f"at least {queries}, as many as queries", got=keys)
    everything = torch.ones(queries, keys, dtype=torch.bool, device=device)
    return everything.tril(diagonal=keys - queries)


def padding_mask(lengths: Int[Tensor, " batch"], time: int) -> Bool[Tensor, "batch 1 1 time"]:
    """Let every query of every head see the first ``lengths[b]`` keys of row b, and no padding.

    >>> padding_mask(torch.tensor([1, 3]), 3).squeeze().int().tolist()
    [[1, 0, 0], [1, 1, 1]]
    """
    places = torch.arange(time, device=lengths.device)
    return (places < lengths[:, None])[:, None, None, :]


def seen_keys(seen: Bool[Tensor, "batch time"]) -> Bool[Tensor, "batch 1 1 time"]:
    """Spread a mask over tokens to all heads and queries.

    >>> seen_keys(torch.tensor([[True, False]])).shape
    torch.Size([1, 1, 1, 2])
    """
    return seen[:, None, None, :]
