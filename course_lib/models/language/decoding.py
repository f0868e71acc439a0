"""Reading a text one token at a time, as fast as the memory gives the weights.

One token a step is a matrix–vector product after another: each weight is read once and used once,
so the time is that of reading the weights, plus what the calls cost. Hence the step here is the
model's formula without its modules (a call of a module costs as much as a small product), under
``inference_mode``, and on a CPU with the weights laid out as (in, out), which the vector kernels
read up to twice as fast. A test holds it equal to ``GPT.forward``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from course_lib.models.blocks.activations import PLAIN
from course_lib.models.blocks.block import Block
from course_lib.models.blocks.lora import LoRALinear
from course_lib.models.blocks.positions import sinusoidal_positions
from course_lib.models.blocks.rotary import Rotation, rotate
from course_lib.models.evaluation_mode import evaluating
from course_lib.models.language.decoder_only import DecoderOnly
from course_lib.models.language.generation import check_tokens

Norm = Callable[[Tensor], Tensor]
LONG = 48  # new tokens from which laying the weights out anew pays
MOST_BYTES = 2**31  # of weights that are worth a second copy


@dataclass
class _Layer:
    """One block's weights; each matrix as (in, out)."""

    attention_norm: Norm
    qkv: tuple[Tensor, Tensor | None]
    project: tuple[Tensor, Tensor | None]
    feed_forward_norm: Norm
    expand: tuple[Tensor, Tensor | None]
    contract: tuple[Tensor, Tensor | None]


class GPTDecoder:
    """A GPT that reads prompts at once, then one token a step, and gives the next one's logits.

    It shows the weights of the moment in which ``start`` is called.

    >>> from course_lib.models import GPT, GPTConfig
    >>> model = GPT(GPTConfig.gpt2(vocabulary=9, context=8, layers=1, heads=1, width=4))
    >>> decoder = GPTDecoder(model)
    >>> decoder.start([[1, 2], [3]], new_tokens=2).shape
    torch.Size([2, 9])
    >>> decoder.step(torch.tensor([4, 5])).shape
    torch.Size([2, 9])
    """

    def __init__(self, model: DecoderOnly) -> None:
        self.model, self.config = model, model.config
        self.device = model.embedding.weight.device

    @torch.inference_mode()
    def start(
        self, prompts: Sequence[Sequence[int]], new_tokens: int
    ) -> Float[Tensor, "batch vocabulary"]:
        """Read the prompts, padded at the left where they are shorter.

        Raises ``InputError`` when the longest and ``new_tokens`` exceed the context, and for tokens
        that the vocabulary doesn't hold.
        """
        check_tokens(prompts, self.config.vocabulary)
        longest = max(map(len, prompts))
        self.config.check_length(longest + new_tokens - 1)
        padded = [[0] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
        ids = torch.tensor(padded, device=self.device)
        lengths = torch.tensor([len(prompt) for prompt in prompts], device=self.device)
        self._cache = self.model.new_cache(len(prompts), longest + new_tokens)
        self._skipped = longest - lengths
        self._seen = (
            torch.arange(longest + new_tokens, device=self.device) >= (self._skipped[:, None])
        )
        self._ragged = bool((self._skipped > 0).any())
        self._prepare(longest + new_tokens, fast_layout=new_tokens >= LONG)
        seen = self._seen[:, :longest] if self._ragged else None
        with evaluating(self.model):
            logits: Tensor = self.model(ids, seen=seen, cache=self._cache, last_only=True)
            return logits[:, 0]

    @torch.inference_mode()
    def step(self, ids: Int[Tensor, " batch"]) -> Float[Tensor, "batch vocabulary"]:
        """Read one token a row, and return the logits of each next token."""
        here = self._cache.length
        places = here - self._skipped if self._ragged else here
        x = functional.embedding(ids, self.model.embedding.weight)
        if self.config.positions == "sinusoidal":
            x = x * self.config.width**0.5
        if self._positions is not None:
            x = x + self._positions[places]
        rotation = self._rotation_at(places, len(ids))
        mask = self._seen[:, None, None, : here + 1] if self._ragged else None
        for number, layer in enumerate(self._layers):
            x = self._block(x, layer, self._stores[number], rotation, mask)
        self._cache.advance(1)
        return _product(self._norm(x), *self._head)

    def reorder(self, rows: Int[Tensor, " batch"]) -> None:
        """Let row i go on from what row ``rows[i]`` has read."""
        self._cache.reorder(rows)
        self._stores = list(self._cache.store)
        self._skipped, self._seen = self._skipped[rows], self._seen[rows]

    def _block(
        self,
        x: Tensor,
        layer: _Layer,
        store: Tensor,
        rotation: Rotation | None,
        mask: Tensor | None,
    ) -> Tensor:
        first = self.config.norm_first
        normed = layer.attention_norm(x) if first else x
        x = x + self._attention(normed, layer, store, rotation, mask)
        if not first:
            x = layer.attention_norm(x)
        inside = _product(layer.feed_forward_norm(x) if first else x, *layer.expand)
        if self.config.activation == "swiglu":
            gate, value = inside.chunk(2, dim=-1)
            inside = functional.silu(gate) * value
        else:
            inside = PLAIN[self.config.activation](inside)
        x = x + _product(inside, *layer.contract)
        if not first:
            x = layer.feed_forward_norm(x)
        return x

    def _attention(
        self,
        x: Tensor,
        layer: _Layer,
        store: Tensor,
        rotation: Rotation | None,
        mask: Tensor | None,
    ) -> Tensor:
        heads, few, size = (
            self.config.heads,
            self.config.key_value_heads,
            self.config.head_width,
        )
        batch, here = x.shape[0], self._cache.length
        qkv = _product(x, *layer.qkv).view(batch, heads + 2 * few, size)
        if rotation is not None:
            turned = rotate(qkv[:, : heads + few, None], rotation)[:, :, 0]
            qkv = torch.cat((turned, qkv[:, heads + few :]), dim=1)
        store.select(3, here).copy_(qkv[:, heads:].view(batch, 2, few, size).transpose(0, 1))
        # The heads that share keys are like several queries of one head: nothing is repeated.
        q = qkv[:, :heads].view(batch, few, heads // few, size)
        k, v = store[:, :, :, : here + 1].unbind(0)
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return _product(mixed.reshape(batch, heads * size), *layer.project)

    def _prepare(self, capacity: int, fast_layout: bool) -> None:
        model, config = self.model, self.config
        self._stores = list(self._cache.store)
        small = sum(one.nbytes for one in model.parameters()) <= MOST_BYTES
        fast = fast_layout and small and self.device.type == "cpu"
        fast = fast and model.embedding.weight.dtype == torch.float32
        self._layers = [_layer(block, fast) for block in model.blocks if isinstance(block, Block)]
        self._norm, self._head = _norm(model.norm), _matrix(model.head, fast)
        places = torch.arange(capacity, device=self.device)
        self._positions: Tensor | None = None
        if model.positions is not None:
            self._positions = model.positions.weight
        elif config.positions == "sinusoidal":
            table = sinusoidal_positions(places, config.width)
            self._positions = table.to(model.embedding.weight.dtype)
        self._rotation = config.rotation(places)

    def _rotation_at(self, places: Tensor | int, batch: int) -> Rotation | None:
        if self._rotation is None:
            return None
        cosine, sine, pairing = self._rotation
        return Rotation(
            cosine[places].view(-1, 1, cosine.shape[-1]),
            sine[places].view(-1, 1, sine.shape[-1]),
            pairing,
        )


def _layer(block: Block, fast: bool) -> _Layer:
    return _Layer(
        _norm(block.attention_norm),
        _matrix(block.attention.qkv, fast),
        _matrix(block.attention.project, fast),
        _norm(block.feed_forward_norm),
        _matrix(block.feed_forward.expand, fast),
        _matrix(block.feed_forward.project, fast),
    )


def _norm(module: nn.Module) -> Norm:
    if isinstance(module, nn.LayerNorm):
        return partial(
            functional.layer_norm,
            normalized_shape=list(module.normalized_shape),
            weight=module.weight,
            bias=module.bias,
            eps=module.eps,
        )
    return module


def _matrix(linear: nn.Linear | LoRALinear, fast: bool) -> tuple[Tensor, Tensor | None]:
    weight = linear.weight.detach().t()
    # A matrix that narrows is read faster as it stands.
    widens = weight.shape[1] >= weight.shape[0]
    return (weight.contiguous() if fast and widens else weight), linear.bias


def _product(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight if bias is None else torch.addmm(bias, x, weight)
