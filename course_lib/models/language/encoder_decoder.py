"""The encoder–decoder of 2017: read one text whole, then write another, word by word.

The encoder sees the whole source. The decoder sees what it has written so far, and through cross-
attention the source; in training it is given the right target so far (*teacher forcing*), one place
behind what it has to foretell (Vaswani et al., 2017, https://arxiv.org/abs/1706.03762).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from course_lib.models.blocks.block import Block, norm_of
from course_lib.models.blocks.cache import KVCache
from course_lib.models.blocks.feed_forward import FeedForward
from course_lib.models.blocks.initialisation import initialise
from course_lib.models.blocks.masks import causal_mask, seen_keys
from course_lib.models.blocks.multi_head import CrossAttention, SelfAttention
from course_lib.models.blocks.positions import with_sinusoids
from course_lib.models.blocks.rotary import Rotation
from course_lib.models.evaluation_mode import evaluating
from course_lib.models.language.config import GPTConfig

KeysValues = tuple[Tensor, Tensor]


@dataclass(frozen=True, kw_only=True)
class EncoderDecoderConfig:
    """Two vocabularies, and the shape that both halves share (its ``vocabulary`` is the target's).

    >>> config = EncoderDecoderConfig(source_vocabulary=40, shape=translation_shape(vocabulary=50))
    >>> config.shape.width
    256
    """

    source_vocabulary: int
    shape: GPTConfig


def translation_shape(**changes: object) -> GPTConfig:
    """Return a small shape for translation: sinusoidal positions, pre-norm, ReLU, with ``changes``.

    >>> translation_shape(vocabulary=50, layers=2).positions
    'sinusoidal'
    """
    usual: dict[str, object] = {
        "context": 256,
        "layers": 3,
        "heads": 4,
        "width": 256,
        "positions": "sinusoidal",
        "activation": "relu",
        "dropout": 0.1,
    }
    return GPTConfig(**{**usual, **changes})  # type: ignore[arg-type]


class DecoderBlock(nn.Module):
    """Self-attention, cross-attention and a feed-forward layer, each with its residual."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        sizes: dict[str, Any] = {
            "heads": config.heads,
            "head_width": config.head_width,
            "bias": config.bias,
            "dropout": config.dropout,
        }
        self.norm_first = config.norm_first
        self.attention_norm, self.cross_norm = norm_of(config), norm_of(config)
        self.feed_forward_norm = norm_of(config)
        self.attention = SelfAttention(
            config.width, kv_heads=config.kv_heads, qkv_bias=config.qkv_bias, **sizes
        )
        self.cross = CrossAttention(config.width, **sizes)
        self.feed_forward = FeedForward(
            config.width, config.hidden_width, activation=config.activation, bias=config.bias
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self,
        x: Float[Tensor, "batch time width"],
        source: KeysValues,
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        source_mask: Bool[Tensor, "batch 1 1 source"] | None = None,
        rotation: Rotation | None = None,
        cache: KVCache | None = None,
        layer: int = 0,
    ) -> Float[Tensor, "batch time width"]:
        """Return the target's vectors; ``source`` holds the keys and values of the other text."""
        normed = self.attention_norm(x) if self.norm_first else x
        attended = self.attention(
            normed, mask, causal=mask is None, rotation=rotation, cache=cache, layer=layer
        )
        x = self.residual(x, attended, self.attention_norm)
        normed = self.cross_norm(x) if self.norm_first else x
        x = self.residual(x, self.cross(normed, *source, source_mask), self.cross_norm)
        normed = self.feed_forward_norm(x) if self.norm_first else x
        return self.residual(x, self.feed_forward(normed), self.feed_forward_norm)

    def residual(self, x: Tensor, added: Tensor, norm: nn.Module) -> Tensor:
        """Return the sum of ``x`` and what a part of the block adds, normed if post-norm."""
        x = x + self.dropout(added)
        return x if self.norm_first else norm(x)


class EncoderDecoder(nn.Module):
    """A model that turns one text into another.

    >>> config = EncoderDecoderConfig(
    ...     source_vocabulary=40, shape=translation_shape(vocabulary=50, width=16, heads=2))
    >>> EncoderDecoder(config)(torch.tensor([[1, 2, 3]]), torch.tensor([[4, 5]])).shape
    torch.Size([1, 2, 50])
    """

    def __init__(
        self, config: EncoderDecoderConfig, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        shape = config.shape
        self.config = config
        self.source_embedding = nn.Embedding(config.source_vocabulary, shape.width)
        self.target_embedding = nn.Embedding(shape.vocabulary, shape.width)
        learned = shape.positions == "learned"
        self.positions = nn.Embedding(shape.context, shape.width) if learned else None
        self.dropout = nn.Dropout(shape.dropout)
        self.encoder = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.decoder = nn.ModuleList(DecoderBlock(shape) for _ in range(shape.layers))
        self.encoder_norm = norm_of(shape) if shape.norm_first else nn.Identity()
        self.decoder_norm = norm_of(shape) if shape.norm_first else nn.Identity()
        self.head = nn.Linear(shape.width, shape.vocabulary, bias=False)
        if shape.tied:
            self.head.weight = self.target_embedding.weight
        initialise(self, layers=shape.layers, generator=generator)

    def forward(
        self,
        source: Int[Tensor, "batch source_time"],
        target: Int[Tensor, "batch time"],
        *,
        source_seen: Bool[Tensor, "batch source_time"] | None = None,
    ) -> Float[Tensor, "batch time vocabulary"]:
        """Return the logits of the target's next token at each place.

        ``target`` is the input, one place behind the labels; padding belongs at its right end, and
        ``source_seen`` is False on the source's. Raises ``InputError`` for texts that are too long.
        """
        memory = self.encode(source, source_seen)
        return self.decode(target, self.source_keys_values(memory), source_seen=source_seen)

    def encode(
        self,
        source: Int[Tensor, "batch time"],
        seen: Bool[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, "batch time width"]:
        """Return the source's vectors, each with the whole source in view."""
        x, rotation = self._embedded(self.source_embedding(source), past=0)
        mask = None if seen is None else seen_keys(seen)
        for block in self.encoder:
            x = block(x, mask, rotation=rotation)
        normed: Tensor = self.encoder_norm(x)
        return normed

    def source_keys_values(self, memory: Float[Tensor, "batch time width"]) -> list[KeysValues]:
        """Return what each decoder block reads of the source: computed once for a translation."""
        return [block.cross.keys_values(memory) for block in self.decoder]  # type: ignore[union-attr, operator]

    def decode(
        self,
        target: Int[Tensor, "batch time"],
        source: list[KeysValues],
        *,
        source_seen: Bool[Tensor, "batch source_time"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch time vocabulary"]:
        """Return the logits of the next token at each place of the target; a cache is added to."""
        past, time = (0 if cache is None else cache.length), target.shape[1]
        x, rotation = self._embedded(self.target_embedding(target), past)
        mask = causal_mask(time, past + time, device=target.device) if past and time > 1 else None
        source_mask = None if source_seen is None else seen_keys(source_seen)
        for layer, block in enumerate(self.decoder):
            x = block(
                x,
                source[layer],
                mask=mask,
                source_mask=source_mask,
                rotation=rotation,
                cache=cache,
                layer=layer,
            )
        if cache is not None:
            cache.advance(time)
        logits: Tensor = self.head(self.decoder_norm(x))
        return logits

    @torch.no_grad()
    def alignment(
        self, source: Int[Tensor, "batch source_time"], target: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "layers batch heads time source_time"]:
        """Return how much each target token looks at each source token, in every layer.

        Dropout is off meanwhile, whatever mode the model is in.
        """
        with evaluating(self):
            memory, maps = self.encode(source), []
            x, rotation = self._embedded(self.target_embedding(target), past=0)
            for block, pair in zip(self.decoder, self.source_keys_values(memory), strict=True):
                assert isinstance(block, DecoderBlock)
                normed = block.attention_norm(x) if block.norm_first else x
                attended = block.attention(normed, causal=True, rotation=rotation)
                asking = block.residual(x, attended, block.attention_norm)
                normed = block.cross_norm(asking) if block.norm_first else asking
                maps.append(block.cross.weights(normed, memory))
                x = block(x, pair, rotation=rotation)
        return torch.stack(maps)

    def _embedded(self, x: Tensor, past: int) -> tuple[Tensor, Rotation | None]:
        shape, time = self.config.shape, x.shape[1]
        shape.check_length(past + time)
        places = torch.arange(past, past + time, device=x.device)
        if self.positions is not None:
            x = x + self.positions(places)
        elif shape.positions == "sinusoidal":
            x = with_sinusoids(x, places)
        return self.dropout(x), shape.rotation(places)
