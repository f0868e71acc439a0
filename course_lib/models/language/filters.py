"""Which tokens may be drawn: filters on logits, each of which puts −inf where a token is out.

The model spreads some probability over thousands of unfit tokens; one of them spoils the text for
good. A filter cuts that tail off: at a count (top-k), at a mass (top-p), or at a share of the best
(min-p). All keep at least the most likely token.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from course_lib.errors import InputError


def keep_top_k(
    logits: Float[Tensor, "*batch vocabulary"], k: int
) -> Float[Tensor, "*batch vocabulary"]:
    """Keep the ``k`` largest logits, and all that equal the k-th.

    Raises ``InputError`` for k < 1.

    >>> keep_top_k(torch.tensor([1.0, 3.0, 2.0]), 2).tolist()
    [-inf, 3.0, 2.0]
    """
    if k < 1:
        raise InputError("k", expected="at least 1", got=k)
    least = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits < least, -math.inf)


def keep_top_p(
    logits: Float[Tensor, "*batch vocabulary"], p: float
) -> Float[Tensor, "*batch vocabulary"]:
    """Keep the fewest most likely tokens whose probabilities sum to ``p`` at least.

    A token stays while the mass *before* it is below p, so that the one that crosses p is in
    (Holtzman et al., 2020, https://arxiv.org/abs/1904.09751). Raises ``InputError`` unless
    0 < p ≤ 1.

    >>> (keep_top_p(torch.tensor([0.2, 0.5, 0.3]).log(), 0.6) > -math.inf).tolist()
    [False, True, True]
    """
    if not 0 < p <= 1:
        raise InputError("p", expected="above 0, at most 1", got=p)
    if p == 1:
        return logits  # a sum that rounding takes past 1 must not cut the tail off
    ordered, places = logits.sort(dim=-1, descending=True, stable=True)
    probabilities = ordered.softmax(dim=-1, dtype=torch.float32)  # 16 bits can't add up a tail
    before = probabilities.cumsum(dim=-1) - probabilities
    ordered = ordered.masked_fill(before >= p, -math.inf)
    return torch.empty_like(logits).scatter_(-1, places, ordered)


def keep_min_p(
    logits: Float[Tensor, "*batch vocabulary"], p: float
) -> Float[Tensor, "*batch vocabulary"]:
    """Keep the tokens at least ``p`` times as likely as the most likely one.

    So the choice is wide where the model is unsure and narrow where it is sure (Nguyen et al.,
    2024, https://arxiv.org/abs/2407.01082). Raises ``InputError`` unless 0 < p ≤ 1.

    >>> (keep_min_p(torch.tensor([0.6, 0.3, 0.1]).log(), 0.4) > -math.inf).tolist()
    [True, True, False]
    """
    if not 0 < p <= 1:
        raise InputError("p", expected="above 0, at most 1", got=p)
    best = logits.amax(dim=-1, keepdim=True)
    return logits.masked_fill(logits < best + math.log(p), -math.inf)


def penalise_repetition(
    logits: Float[Tensor, "*batch vocabulary"],
    repeated: Bool[Tensor, "*batch vocabulary"],
    penalty: float,
) -> Float[Tensor, "*batch vocabulary"]:
    """Make tokens that have occurred less likely: a logit above 0 is divided, one below multiplied.

    Dividing a negative logit would make its token *more* likely (Keskar et al., 2019,
    https://arxiv.org/abs/1909.05858). Raises ``InputError`` for a penalty that is not positive.

    >>> penalise_repetition(torch.tensor([2.0, -2.0, 1.0]), torch.tensor([True, True, False]), 2.0)
    tensor([ 1., -4.,  1.])
    """
    if not penalty > 0:
        raise InputError("the penalty", expected="above 0", got=penalty)
    penalised = torch.where(logits > 0, logits / penalty, logits * penalty)
    return torch.where(repeated, penalised, logits)
