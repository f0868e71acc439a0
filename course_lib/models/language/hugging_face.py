"""Hugging Face's config.json and our ``GPTConfig``: what each field is called over there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from course_lib.errors import InputError
from course_lib.models.blocks.rotary import RotaryScaling
from course_lib.models.language.config import GPTConfig

_GPT2_ACTIVATIONS = {"gelu_new": "gelu_tanh", "gelu": "gelu", "relu": "relu"}
LLAMA_LIKE = ("llama", "mistral", "qwen2")
_MISTRAL_WINDOW = 4096  # what their Mistral looks back on where its file doesn't say
_NEEDED: dict[str, dict[str, tuple[object, ...]]] = {
    "gpt2": {"scale_attn_weights": (True,), "scale_attn_by_inverse_layer_idx": (False,)},
    "llama": {"hidden_act": ("silu", "swish"), "mlp_bias": (False,), "attention_bias": (False,)},
    "mistral": {"hidden_act": ("silu", "swish")},
    "qwen2": {"hidden_act": ("silu", "swish")},
}
"""Switches that would make another model of theirs, and the settings that we have."""


def config_from(theirs: Mapping[str, Any]) -> GPTConfig:
    """Return our config for their config.json.

    Where their attention only looks back on a window, our context is that window: up to there both
    see the same. Raises ``InputError`` for a family or a variant that we don't have, and for fields
    that are missing or make no sense.

    >>> config_from({"model_type": "gpt2", "vocab_size": 9, "n_embd": 8, "n_head": 2,
    ...              "n_layer": 1, "n_positions": 16}).hidden_width
    32
    """
    family = theirs.get("model_type")
    if family in ("gpt2", *LLAMA_LIKE):
        for name, allowed in _NEEDED[str(family)].items():
            if theirs.get(name, allowed[0]) not in allowed:
                expected = " or ".join(map(repr, allowed))
                raise InputError(f"config.json's {name}", got=repr(theirs[name]), expected=expected)
        try:
            return _gpt2_config(theirs) if family == "gpt2" else _llama_config(theirs)
        except KeyError as error:
            raise InputError("config.json", expected=f"a field {error}", got="none") from None
    known = ", ".join(("gpt2", *LLAMA_LIKE))
    raise InputError("the model's family", expected=f"one of {known}", got=repr(family))


def config_to(config: GPTConfig, dtype: torch.dtype) -> dict[str, Any]:
    """Return their config.json for our config; raises ``InputError`` where they have no such model.

    >>> config_to(GPTConfig.gpt2(), torch.float32)["n_embd"]
    768
    """
    general = {
        "dtype": str(dtype).removeprefix("torch."),
        "vocab_size": config.vocabulary,
        "initializer_range": 0.02,
        "tie_word_embeddings": config.tied,
        "use_cache": True,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    if is_gpt2(config):
        return {**general, **_to_gpt2(config)}
    if is_llama(config):
        return {**general, **_to_llama(config)}
    raise InputError(
        "the model",
        expected="a shape of GPT-2's or Llama's family",
        got=config,
        remedy="keep it with safetensors under our own names instead",
    )


def is_gpt2(config: GPTConfig) -> bool:
    """Say whether their GPT-2 can be this model.

    >>> is_gpt2(GPTConfig.gpt2()), is_gpt2(GPTConfig.llama())
    (True, False)
    """
    shape = (config.positions, config.norm, config.norm_first, config.bias)
    usual = config.qkv_bias in (None, True) and config.key_value_heads == config.heads
    square = config.head_width * config.heads == config.width
    known = config.activation in _GPT2_ACTIVATIONS.values()
    return shape == ("learned", "layer", True, True) and usual and square and known


def is_llama(config: GPTConfig) -> bool:
    """Say whether their Llama (or Qwen 2, with its biases) can be this model.

    >>> is_llama(GPTConfig.llama(kv_heads=4)), is_llama(GPTConfig.gpt2())
    (True, False)
    """
    shape = (config.positions, config.norm, config.norm_first, config.bias, config.activation)
    return shape == ("rotary", "rms", True, False, "swiglu")


def _gpt2_config(theirs: Mapping[str, Any]) -> GPTConfig:
    activation = theirs.get("activation_function", "gelu_new")
    if activation not in _GPT2_ACTIVATIONS:
        known = " or ".join(_GPT2_ACTIVATIONS)
        raise InputError("the activation", expected=known, got=repr(activation))
    return GPTConfig.gpt2(
        vocabulary=theirs["vocab_size"],
        context=theirs["n_positions"],
        layers=theirs["n_layer"],
        heads=theirs["n_head"],
        width=theirs["n_embd"],
        hidden=theirs.get("n_inner"),
        norm_epsilon=theirs.get("layer_norm_epsilon", 1e-5),
        activation=_GPT2_ACTIVATIONS[activation],
        tied=theirs.get("tie_word_embeddings", True),
    )


def _llama_config(theirs: Mapping[str, Any]) -> GPTConfig:
    rotary = _rotary(theirs)
    return GPTConfig.llama(
        vocabulary=theirs["vocab_size"],
        context=_context(theirs),
        layers=theirs["num_hidden_layers"],
        heads=theirs["num_attention_heads"],
        kv_heads=theirs.get("num_key_value_heads"),
        head_size=theirs.get("head_dim"),
        width=theirs["hidden_size"],
        hidden=theirs["intermediate_size"],
        norm_epsilon=theirs.get("rms_norm_eps", 1e-6),
        qkv_bias=theirs["model_type"] == "qwen2",
        tied=theirs.get("tie_word_embeddings", False),
        rotary_base=rotary.get("rope_theta", theirs.get("rope_theta", 10_000.0)),
        rotary_scaling=_scaling_from(rotary),
    )


def _context(theirs: Mapping[str, Any]) -> Any:
    context, window = theirs["max_position_embeddings"], None
    if theirs["model_type"] == "mistral":
        window = theirs.get("sliding_window", _MISTRAL_WINDOW)
    elif theirs.get("use_sliding_window"):
        window = theirs.get("sliding_window")
    return min(context, window) if isinstance(window, int) else context


def _rotary(theirs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Newer files keep all of rotary in one place, older ones its base and its scaling apart."""
    rotary = theirs.get("rope_parameters") or theirs.get("rope_scaling") or {}
    if not isinstance(rotary, Mapping) or rotary.get("partial_rotary_factor", 1) != 1:
        expected = "settings that turn all of a head"
        raise InputError("config.json's rope_parameters", got=repr(rotary), expected=expected)
    return rotary


def _scaling_from(rotary: Mapping[str, Any]) -> RotaryScaling | None:
    kind = rotary.get("rope_type", rotary.get("type", "default"))
    if kind == "default":
        return None
    if kind == "linear":
        return RotaryScaling("linear", rotary["factor"])
    if kind == "llama3":
        return RotaryScaling(
            "llama3",
            rotary["factor"],
            rotary["low_freq_factor"],
            rotary["high_freq_factor"],
            rotary["original_max_position_embeddings"],
        )
    raise InputError("the rotary scaling", expected="default, linear or llama3", got=repr(kind))


def _to_gpt2(config: GPTConfig) -> dict[str, Any]:
    names = {ours: theirs for theirs, ours in _GPT2_ACTIVATIONS.items()}
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": names[config.activation],
        "n_ctx": config.context,
        "n_positions": config.context,
        "n_embd": config.width,
        "n_head": config.heads,
        "n_layer": config.layers,
        "n_inner": config.hidden,
        "layer_norm_epsilon": config.norm_epsilon,
        **dict.fromkeys(("attn_pdrop", "embd_pdrop", "resid_pdrop"), config.dropout),
    }


def _to_llama(config: GPTConfig) -> dict[str, Any]:
    qwen = bool(config.qkv_bias)  # their Llama would put a bias on the output too
    rotary: dict[str, Any] = {"rope_type": "default", "rope_theta": config.rotary_base}
    scaling = config.rotary_scaling
    if scaling is not None:
        rotary |= {"rope_type": scaling.kind, "factor": scaling.factor}
        if scaling.kind == "llama3":
            rotary |= {
                "low_freq_factor": scaling.low,
                "high_freq_factor": scaling.high,
                "original_max_position_embeddings": scaling.original_context,
            }
    return {
        "architectures": ["Qwen2ForCausalLM" if qwen else "LlamaForCausalLM"],
        "model_type": "qwen2" if qwen else "llama",
        "hidden_act": "silu",
        "hidden_size": config.width,
        "intermediate_size": config.hidden_width,
        "max_position_embeddings": config.context,
        "num_attention_heads": config.heads,
        "num_hidden_layers": config.layers,
        "num_key_value_heads": config.key_value_heads,
        "head_dim": config.head_width,
        "rms_norm_eps": config.norm_epsilon,
        "rope_theta": config.rotary_base,
        "rope_parameters": rotary,
        "rope_scaling": rotary if scaling is not None else None,
        "attention_bias": qwen,
        "mlp_bias": False,
        "attention_dropout": config.dropout,
    }
