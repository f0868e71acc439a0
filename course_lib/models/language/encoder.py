"""A BERT-style encoder: every token sees the whole text, and hidden words are to be guessed.

A GPT learns by foretelling the next word and so may look only back; BERT (Devlin et al., 2019,
https://arxiv.org/abs/1810.04805) learns from texts in which some words are hidden, and looks both
ways. It can't write, but its vectors know each word's whole surroundings. ``hide_words`` makes the
lesson: of the 15 % of words that are asked for, 80 % are replaced by the mask token, 10 % by a
random word and 10 % stay, so that a vector is worth something where no mask stands.
"""

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from course_lib.models.blocks.block import Block, norm_of
from course_lib.models.blocks.initialisation import initialise
from course_lib.models.blocks.masks import seen_keys
from course_lib.models.blocks.positions import with_sinusoids
from course_lib.models.language.config import GPTConfig

IGNORED = -100  # what PyTorch's cross-entropy leaves out
ASKED, MASKED, RANDOM = 0.15, 0.8, 0.1


def bert_config(**changes: Any) -> GPTConfig:
    """Return BERT base's shape, post-norm and with the exact GELU, with ``changes``.

    >>> bert_config(layers=2, width=64, heads=2).norm_first
    False
    """
    shape = {"vocabulary": 30_522, "context": 512, "norm_first": False, "activation": "gelu"}
    return GPTConfig(**{**shape, "norm_epsilon": 1e-12, **changes})


class MaskedLanguageModel(nn.Module):
    """An encoder whose head guesses hidden words; embedding and head are one matrix where tied.

    >>> config = bert_config(vocabulary=50, context=8, layers=1, heads=2, width=16)
    >>> MaskedLanguageModel(config)(torch.tensor([[1, 2, 3]])).shape
    torch.Size([1, 3, 50])
    """

    def __init__(self, config: GPTConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        learned = config.positions == "learned"
        self.positions = nn.Embedding(config.context, config.width) if learned else None
        self.norm = norm_of(config)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.transform = nn.Linear(config.width, config.width)
        self.head_norm = norm_of(config)
        self.head = nn.Linear(config.width, config.vocabulary)
        if config.tied:
            self.head.weight = self.embedding.weight
        initialise(self, layers=config.layers, generator=generator)

    def encode(
        self, ids: Int[Tensor, "batch time"], seen: Bool[Tensor, "batch time"] | None = None
    ) -> Float[Tensor, "batch time width"]:
        """Return each token's vector in its surroundings; ``seen`` is False on padding.

        Raises ``InputError`` for more tokens than the context holds.
        """
        self.config.check_length(ids.shape[1])
        places = torch.arange(ids.shape[1], device=ids.device)
        x: Tensor = self.embedding(ids)
        if self.positions is not None:
            x = x + self.positions(places)
        elif self.config.positions == "sinusoidal":
            x = with_sinusoids(x, places)
        x = self.dropout(self.norm(x))
        mask = None if seen is None else seen_keys(seen)
        rotation = self.config.rotation(places)
        for block in self.blocks:
            x = block(x, mask, rotation=rotation)
        return x

    def forward(
        self, ids: Int[Tensor, "batch time"], seen: Bool[Tensor, "batch time"] | None = None
    ) -> Float[Tensor, "batch time vocabulary"]:
        """Return the logits of the word at each place."""
        guessed = self.head_norm(functional.gelu(self.transform(self.encode(ids, seen))))
        logits: Tensor = self.head(guessed)
        return logits


def hide_words(
    ids: Int[Tensor, "batch time"],
    *,
    mask_id: int,
    vocabulary: int,
    special: Bool[Tensor, "batch time"] | None = None,
    generator: torch.Generator | None = None,
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Return the texts with words hidden, and the targets: −100 wherever nothing is asked.

    Places where ``special`` is true (padding, marks of beginning and end) are never asked.
    ``generator`` is on the device of ``ids``.

    >>> ids = torch.arange(1000)[None] % 50
    >>> hidden, targets = hide_words(ids, mask_id=50, vocabulary=50,
    ...                              generator=torch.Generator().manual_seed(0))
    >>> bool(((hidden != ids) <= (targets != -100)).all())
    True
    """

    def draw() -> Tensor:
        return torch.rand(ids.shape, generator=generator, device=ids.device)

    asked = draw() < ASKED
    if special is not None:
        asked &= ~special
    fate = draw()
    other = torch.randint(vocabulary, ids.shape, generator=generator, device=ids.device)
    hidden = torch.where(asked & (fate < MASKED), mask_id, ids)
    hidden = torch.where(asked & (fate >= 1 - RANDOM), other.to(ids.dtype), hidden)
    return hidden, torch.where(asked, ids, IGNORED)
