"""Parameters and FLOPs on paper, from the config alone.

A matrix of m × n has m · n parameters, and costs 2 · m · n FLOPs a token: a product and a sum for
each. Everything else (norms, activations, softmax) is small beside it and left out, as PyTorch's
counter does, by which ``measure_flops`` watches a model at work. A training step costs three
forward passes: the gradient goes back through each product twice, to its input and to its weights
(Kaplan et al., 2020, https://arxiv.org/abs/2001.08361, section 2.1).
"""

from __future__ import annotations

from collections.abc import Callable

from course_lib.models.language.config import GPTConfig


def count_parameters(config: GPTConfig) -> dict[str, int]:
    """Return the parameters of each part of a GPT, tied ones once; their sum is the model's.

    >>> parts = count_parameters(GPTConfig.gpt2())
    >>> sum(parts.values()), parts["embedding"]
    (124439808, 38597376)
    """
    width, hidden = config.width, config.hidden_width
    heads, few, size = config.heads, config.key_value_heads, config.head_width
    bias, qkv_bias = (
        int(config.bias),
        int(config.bias if config.qkv_bias is None else config.qkv_bias),
    )
    qkv, expand = (heads + 2 * few) * size, hidden * (2 if config.activation == "swiglu" else 1)
    norm = width * (1 + (bias if config.norm == "layer" else 0))
    attention = (width + qkv_bias) * qkv + (heads * size + bias) * width
    return {
        "embedding": config.vocabulary * width,
        "positions": config.context * width if config.positions == "learned" else 0,
        "attention": config.layers * attention,
        "feed-forward": config.layers * ((width + bias) * expand + (hidden + bias) * width),
        "norms": (2 * config.layers + int(config.norm_first)) * norm,
        "head": 0 if config.tied else config.vocabulary * width,
    }


def count_flops(config: GPTConfig, *, batch: int = 1, time: int | None = None) -> dict[str, int]:
    """Return the FLOPs of one forward pass over ``batch`` rows of ``time`` tokens, part by part.

    The scores and the mixing of values are counted over all pairs, though a causal kernel may skip
    half. ``time`` is the context unless it is given.

    >>> parts = count_flops(GPTConfig.gpt2())
    >>> round(sum(parts.values()) / 1e9)
    292
    """
    time = config.context if time is None else time
    config.check_length(time)
    width, hidden = config.width, config.hidden_width
    heads, few, size = config.heads, config.key_value_heads, config.head_width
    expand = hidden * (2 if config.activation == "swiglu" else 1)
    tokens = batch * time
    projections = width * (heads + 2 * few) * size + heads * size * width
    return {
        "projections": 2 * tokens * config.layers * projections,
        "attention": 2 * 2 * tokens * time * config.layers * heads * size,
        "feed-forward": 2 * tokens * config.layers * (width * expand + hidden * width),
        "head": 2 * tokens * width * config.vocabulary,
    }


def count_training_flops(config: GPTConfig, *, tokens: int) -> int:
    """Return the FLOPs of training on ``tokens`` tokens in rows of a full context.

    About 6 · parameters · tokens, and attention on top.

    >>> f"{count_training_flops(GPTConfig.gpt2(), tokens=10**9):.2g}"
    '8.5e+17'
    """
    rows, rest = divmod(tokens, config.context)
    whole = sum(count_flops(config).values()) * rows
    return 3 * (whole + (sum(count_flops(config, time=rest).values()) if rest else 0))


def cache_bytes(config: GPTConfig, *, batch: int, tokens: int, bytes_a_number: int = 2) -> int:
    """Return the memory of the keys and values of ``tokens`` tokens in each of ``batch`` rows.

    >>> cache_bytes(GPTConfig.gpt2(), batch=1, tokens=1024) // 2**20
    36
    """
    numbers = 2 * config.layers * config.key_value_heads * config.head_width
    return numbers * batch * tokens * bytes_a_number


def measure_flops(work: Callable[[], object]) -> int:
    """Return the FLOPs of the matrix products that PyTorch runs while ``work()`` is called.

    Attention runs by its definition meanwhile: PyTorch doesn't count its fused kernel on a CPU.

    >>> import torch
    >>> measure_flops(lambda: torch.ones(2, 3) @ torch.ones(3, 5))
    60
    """
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        work()
    return int(counter.get_total_flops())
