"""Hugging Face's names and layouts for weights, and ours.

Their GPT-2 keeps matrices as (in, out), the other way round. Their Llama keeps queries, keys and
values, and gate and value, as separate matrices, where ours holds one above the other; and it pairs
*halves* in rotary positions, so a model of ours that pairs neighbours has its rows reordered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from course_lib.errors import DataError
from course_lib.models.blocks.rotary import neighbours_to_halves
from course_lib.models.language.config import GPTConfig
from course_lib.models.language.hugging_face import is_gpt2

Weights = dict[str, Tensor]

_GPT2 = {
    "wte": "embedding",
    "wpe": "positions",
    "ln_f": "norm",
    "lm_head": "head",
    "ln_1": "attention_norm",
    "attn.c_attn": "attention.qkv",
    "attn.c_proj": "attention.project",
    "ln_2": "feed_forward_norm",
    "mlp.c_fc": "feed_forward.expand",
    "mlp.c_proj": "feed_forward.project",
}
_LLAMA = {
    "embed_tokens": "embedding",
    "lm_head": "head",
    "norm": "norm",
    "input_layernorm": "attention_norm",
    "self_attn.o_proj": "attention.project",
    "post_attention_layernorm": "feed_forward_norm",
    "mlp.down_proj": "feed_forward.project",
}
_QKV = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
_GATED = ("mlp.gate_proj", "mlp.up_proj")
_BUFFERS = re.compile(r"\.attn\.(masked_)?bias$|rotary_emb\.inv_freq$")  # in old files, not learned


def weights_from(theirs: Mapping[str, Tensor], config: GPTConfig) -> Weights:
    """Return the weights under our names, from theirs.

    >>> sorted(weights_from({"wte.weight": torch.zeros(9, 4)}, GPTConfig.gpt2()))
    ['embedding.weight', 'head.weight']
    """
    plain = {
        re.sub(r"^(transformer|model)\.", "", name): weight
        for name, weight in theirs.items()
        if not _BUFFERS.search(name)
    }
    ours = _from_gpt2(plain) if is_gpt2(config) else _from_llama(plain)
    if config.tied and "embedding.weight" in ours:
        ours["head.weight"] = ours["embedding.weight"]
    return ours


def weights_to(ours: Mapping[str, Tensor], config: GPTConfig) -> Weights:
    """Return the weights under their names, from ours, tied ones once.

    >>> list(weights_to({"embedding.weight": torch.zeros(9, 4)}, GPTConfig.gpt2()))
    ['transformer.wte.weight']
    """
    rest = {name: w for name, w in ours.items() if not (config.tied and name == "head.weight")}
    theirs = _to_gpt2(rest) if is_gpt2(config) else _to_llama(rest, config)
    # Each in memory of its own: the file's format knows no views.
    return {name: weight.clone().contiguous() for name, weight in theirs.items()}


def _from_gpt2(theirs: Weights) -> Weights:
    ours = {}
    for name, weight in theirs.items():
        place, part, kind = _parts(name, "h")
        ours[_join("blocks", place, _GPT2.get(part, part), kind)] = _turned(part, kind, weight)
    return ours


def _to_gpt2(ours: Weights) -> Weights:
    names = {mine: their for their, mine in _GPT2.items()}
    theirs = {}
    for name, weight in ours.items():
        place, part, kind = _parts(name, "blocks")
        part = names.get(part, part)
        prefix = "" if part == "lm_head" else "transformer."
        theirs[prefix + _join("h", place, part, kind)] = _turned(part, kind, weight)
    return theirs


def _turned(part: str, kind: str, weight: Tensor) -> Tensor:
    is_matrix = kind == "weight" and part.split(".")[-1] in ("c_attn", "c_proj", "c_fc")
    return weight.t() if is_matrix else weight


def _from_llama(theirs: Weights) -> Weights:
    ours: Weights = {}
    for name, weight in theirs.items():
        place, part, kind = _parts(name, "layers")
        if part == _QKV[0]:
            joined = _joined(theirs, [_join("layers", place, piece, kind) for piece in _QKV])
            ours[_join("blocks", place, "attention.qkv", kind)] = joined
        elif part == _GATED[0]:
            joined = _joined(theirs, [_join("layers", place, piece, kind) for piece in _GATED])
            ours[_join("blocks", place, "feed_forward.expand", kind)] = joined
        elif part not in (*_QKV, *_GATED):
            ours[_join("blocks", place, _LLAMA.get(part, part), kind)] = weight
    return ours


def _joined(theirs: Weights, names: list[str]) -> Tensor:
    shapes = [tuple(theirs[name].shape) if name in theirs else None for name in names]
    if None in shapes or len({shape[1:] for shape in shapes if shape is not None}) > 1:
        expected = "all of them, with as many columns"
        raise DataError(f"the weights {' and '.join(names)}", got=shapes, expected=expected)
    return torch.cat([theirs[name] for name in names])


def _to_llama(ours: Weights, config: GPTConfig) -> Weights:
    names = {mine: their for their, mine in _LLAMA.items()}
    theirs: Weights = {}
    for name, weight in ours.items():
        place, part, kind = _parts(name, "blocks")
        if part == "attention.qkv":
            for piece, rows in zip(_QKV, _queries_keys_values(weight, config), strict=True):
                theirs[f"model.{_join('layers', place, piece, kind)}"] = rows
        elif part == "feed_forward.expand":
            for piece, rows in zip(_GATED, weight.chunk(2), strict=True):
                theirs[f"model.{_join('layers', place, piece, kind)}"] = rows
        else:
            prefix = "" if part == "head" else "model."
            theirs[prefix + _join("layers", place, names.get(part, part), kind)] = weight
    return theirs


def _queries_keys_values(weight: Tensor, config: GPTConfig) -> list[Tensor]:
    heads = (config.heads, config.key_value_heads, config.key_value_heads)
    q, k, v = torch.split(weight, [count * config.head_width for count in heads])
    if config.rotary_pairing == "neighbours":
        q, k = (
            neighbours_to_halves(one.reshape(len(one), -1), count).view_as(one)
            for one, count in ((q, heads[0]), (k, heads[1]))
        )
    return [q, k, v]


def _parts(name: str, stack: str) -> tuple[str, str, str]:
    """Cut ``h.3.mlp.c_fc.weight`` into the layer, the part and the kind: 3, mlp.c_fc, weight."""
    found = re.fullmatch(rf"(?:{stack}\.(\d+)\.)?(.*)\.(weight|bias)", name)
    return (found[1] or "", found[2], found[3]) if found else ("", name, "")


def _join(stack: str, place: str, part: str, kind: str) -> str:
    inside = [stack, place] if place else []
    return ".".join([*inside, part, *([kind] if kind else [])])
