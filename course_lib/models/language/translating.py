"""The target side of an encoder–decoder, as ``generate`` and ``beam_search`` ask for it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from course_lib.errors import ShapeError
from course_lib.models.blocks.cache import KVCache
from course_lib.models.evaluation_mode import evaluating
from course_lib.models.language.encoder_decoder import EncoderDecoder, KeysValues
from course_lib.models.language.generation import check_tokens


class TargetDecoder:
    """Writes targets for some sources, which are read once.

    The prompts of ``generate`` are what each target begins with, as a rule its begin mark; they
    must be of one length.

    >>> from course_lib.models import EncoderDecoderConfig, generate, translation_shape
    >>> shape = translation_shape(vocabulary=9, width=16, heads=2)
    >>> model = EncoderDecoder(EncoderDecoderConfig(source_vocabulary=9, shape=shape))
    >>> decoder = TargetDecoder(model, torch.tensor([[3, 4, 5]]))
    >>> len(generate(decoder, [[1]], new_tokens=4)[0])
    4
    """

    @torch.inference_mode()
    def __init__(
        self,
        model: EncoderDecoder,
        source: Int[Tensor, "batch time"],
        source_seen: Bool[Tensor, "batch time"] | None = None,
    ) -> None:
        self.model = model
        with evaluating(model):
            self._read = model.source_keys_values(model.encode(source, source_seen))
        self._read_seen = source_seen
        self._source: list[KeysValues] = self._read
        self._seen: Tensor | None = source_seen

    @torch.inference_mode()
    def start(
        self, prompts: Sequence[Sequence[int]], new_tokens: int
    ) -> Float[Tensor, "batch vocabulary"]:
        """Read what each target begins with; one source serves several prompts (beams) as well.

        Raises ``ShapeError`` for prompts of several lengths, or more than one source and another
        number of prompts, and ``InputError`` for a target that would exceed the context.
        """
        shape, weight = self.model.config.shape, self.model.head.weight
        check_tokens(prompts, shape.vocabulary)
        shape.check_length(len(prompts[0]) + new_tokens - 1)
        ids = self._as_rows(prompts)
        self._cache = KVCache(
            layers=shape.layers,
            batch=len(prompts),
            heads=shape.key_value_heads,
            capacity=ids.shape[1] + new_tokens,
            size=shape.head_width,
            dtype=weight.dtype,
            device=weight.device,
        )
        return self._logits(ids)

    @torch.inference_mode()
    def step(self, ids: Int[Tensor, " batch"]) -> Float[Tensor, "batch vocabulary"]:
        """Read one token a row, and return the logits of each next token."""
        return self._logits(ids[:, None])

    def reorder(self, rows: Int[Tensor, " batch"]) -> None:
        """Let row i go on from what row ``rows[i]`` has read, source included."""
        self._cache.reorder(rows)
        self._reorder_source(rows)

    def _reorder_source(self, rows: Tensor) -> None:
        self._source = [(k[rows], v[rows]) for k, v in self._source]
        self._seen = None if self._seen is None else self._seen[rows]

    def _as_rows(self, prompts: Sequence[Sequence[int]]) -> Tensor:
        lengths, sources = {len(prompt) for prompt in prompts}, len(self._read[0][0])
        if len(lengths) > 1:
            raise ShapeError("the prompts", expected="one length", got=sorted(lengths))
        self._source, self._seen = self._read, self._read_seen
        if sources == 1 and len(prompts) > 1:
            self._reorder_source(torch.zeros(len(prompts), dtype=torch.long))
        elif sources != len(prompts):
            raise ShapeError("the prompts", expected=f"{sources}, one a source", got=len(prompts))
        rows = [list(prompt) for prompt in prompts]
        return torch.tensor(rows, device=self.model.head.weight.device)

    def _logits(self, ids: Tensor) -> Tensor:
        with evaluating(self.model):
            logits = self.model.decode(ids, self._source, source_seen=self._seen, cache=self._cache)
        return logits[:, -1]
