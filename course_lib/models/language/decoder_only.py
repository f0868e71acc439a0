"""The decoder-only transformer: a stack of blocks that predicts each next token from the last ones.

One class for both families: what sets GPT-2 and Llama apart stands in ``GPTConfig``. The textbook's
model and a fast one are the same here: attention runs on PyTorch's kernel, queries, keys and values
come from one matrix, and a cache keeps what earlier tokens computed.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from course_lib.models.blocks.block import Block, norm_of
from course_lib.models.blocks.cache import KVCache
from course_lib.models.blocks.initialisation import initialise
from course_lib.models.blocks.masks import causal_mask, seen_keys
from course_lib.models.blocks.positions import left_padded_positions, with_sinusoids
from course_lib.models.blocks.rotary import Rotation
from course_lib.models.evaluation_mode import evaluating
from course_lib.models.language.config import GPTConfig


class DecoderOnly(nn.Module):
    """A decoder-only language model; ``generator`` makes its first weights repeatable.

    >>> model = DecoderOnly(GPTConfig.gpt2(vocabulary=50, context=8, layers=2, heads=2, width=16))
    >>> model(torch.tensor([[1, 2, 3]])).shape
    torch.Size([1, 3, 50])
    >>> model.count_parameters()
    7520
    """

    def __init__(self, config: GPTConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        learned = config.positions == "learned"
        self.positions = nn.Embedding(config.context, config.width) if learned else None
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = norm_of(config) if config.norm_first else nn.Identity()
        self.head = nn.Linear(config.width, config.vocabulary, bias=False)
        self.tie()
        if not self.embedding.weight.is_meta:
            initialise(self, layers=config.layers, generator=generator)

    def tie(self) -> None:
        """Let head and embedding be one matrix where the config says so: shared, not copied."""
        if self.config.tied:
            self.head.weight = self.embedding.weight

    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        *,
        seen: Bool[Tensor, "batch total"] | None = None,
        cache: KVCache | None = None,
        last_only: bool = False,
    ) -> Float[Tensor, "batch out vocabulary"]:
        """Return the logits of each next token, or with ``last_only`` of the one after the text.

        ``seen`` is False on padding at the left, and covers the ``cache``'s tokens too. Raises
        ``InputError`` for more tokens than the context holds.
        """
        x = self.hidden(ids, seen=seen, cache=cache)
        logits: Tensor = self.head(x[:, -1:] if last_only else x)
        return logits

    def hidden(
        self,
        ids: Int[Tensor, "batch time"],
        *,
        seen: Bool[Tensor, "batch total"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch time width"]:
        """Return the last layer's vectors, normed: what the head, or a classifier, reads."""
        x, rotation, mask = self._prepared(ids, seen, cache)
        for layer, block in enumerate(self.blocks):
            x = block(x, mask, causal=mask is None, rotation=rotation, cache=cache, layer=layer)
        if cache is not None:
            cache.advance(ids.shape[1])
        normed: Tensor = self.norm(x)
        return normed

    @torch.no_grad()
    def attention_maps(
        self, ids: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "layers batch heads time time"]:
        """Return how much each token looks at each earlier one, in every head of every layer.

        Dropout is off meanwhile, whatever mode the model is in.
        """
        maps = []
        with evaluating(self):
            x, rotation, _ = self._prepared(ids, None, None)
            for block in self.blocks:
                assert isinstance(block, Block)
                normed = block.attention_norm(x) if self.config.norm_first else x
                maps.append(block.attention.weights(normed, causal=True, rotation=rotation))
                x = block(x, causal=True, rotation=rotation)
        return torch.stack(maps)

    def new_cache(self, batch: int, capacity: int | None = None) -> KVCache:
        """Return an empty cache for ``batch`` rows of ``capacity`` tokens, by default a context."""
        config, weight = self.config, self.embedding.weight
        return KVCache(
            layers=config.layers,
            batch=batch,
            heads=config.key_value_heads,
            capacity=capacity or config.context,
            size=config.head_width,
            dtype=weight.dtype,
            device=weight.device,
        )

    def count_parameters(self, *, positions: bool = True) -> int:
        """Return how many numbers are learned, tied ones once; without the table of positions?"""
        total = sum(parameter.numel() for parameter in self.parameters())
        table = 0 if positions or self.positions is None else self.positions.weight.numel()
        return total - table

    def _prepared(
        self, ids: Tensor, seen: Tensor | None, cache: KVCache | None
    ) -> tuple[Tensor, Rotation | None, Tensor | None]:
        past = cache.length if cache is not None else 0
        total = past + ids.shape[1]
        self.config.check_length(total)
        places = torch.arange(past, total, device=ids.device)
        mask = None
        if seen is not None:
            places = left_padded_positions(seen.long())[:, past:]
            mask = seen_keys(seen) & causal_mask(ids.shape[1], total, device=ids.device)
        x = self._embedded(ids, places)
        return self.dropout(x), self.config.rotation(places), mask

    def _embedded(self, ids: Tensor, places: Tensor) -> Tensor:
        x: Tensor = self.embedding(ids)
        if self.positions is not None:
            x = x + self.positions(places)
        if self.config.positions == "sinusoidal":
            return with_sinusoids(x, places)
        return x
