"""The key–value cache: what was computed for earlier tokens is kept, not computed again.

Without it, token n costs a pass over n tokens; with it, a pass over one, and the memory of two
vectors a layer for each token. The space is taken once, for the longest text, and filled from the
left along the *time* axis.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from course_lib.errors import InputError


class KVCache:
    """Keys and values of all layers for up to ``capacity`` tokens of each row.

    >>> cache = KVCache(layers=1, batch=1, heads=2, capacity=4, size=3)
    >>> k, v = cache.extend(0, torch.ones(1, 2, 3, 3), torch.ones(1, 2, 3, 3))
    >>> cache.advance(3)
    >>> tuple(k.shape), cache.length
    ((1, 2, 3, 3), 3)
    """

    def __init__(
        self,
        *,
        layers: int,
        batch: int,
        heads: int,
        capacity: int,
        size: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        shape = (layers, 2, batch, heads, capacity, size)
        self.store = torch.zeros(shape, dtype=dtype, device=device)
        self.length = 0

    @property
    def capacity(self) -> int:
        """The most tokens that a row can hold."""
        return self.store.shape[-2]

    @property
    def bytes(self) -> int:
        """The memory that the cache takes."""
        return self.store.nbytes

    def extend(
        self,
        layer: int,
        k: Float[Tensor, "batch heads time size"],
        v: Float[Tensor, "batch heads time size"],
    ) -> tuple[Float[Tensor, "batch heads total size"], Float[Tensor, "batch heads total size"]]:
        """Write new keys and values after the old, and return all of them.

        They are stored without their gradients. Raises ``InputError`` when they don't fit. The
        length moves on by ``advance``, once all layers have written.
        """
        end = self.length + k.shape[2]
        if end > self.capacity:
            raise InputError("the cache", expected=f"at most {self.capacity} tokens", got=end)
        keys, values = self.store[layer, 0], self.store[layer, 1]
        keys[:, :, self.length : end] = k.detach()
        values[:, :, self.length : end] = v.detach()
        return keys[:, :, :end], values[:, :, :end]

    def advance(self, tokens: int) -> None:
        """Count ``tokens`` more as written in every layer."""
        self.length += tokens

    def reorder(self, rows: Int[Tensor, " batch"]) -> None:
        """Let row i go on from what row ``rows[i]`` has read: beams change places."""
        self.store = self.store.index_select(2, rows)
