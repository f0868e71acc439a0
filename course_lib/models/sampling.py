"""Choosing the next token from its logits: the best, or a draw after the filters."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from course_lib.errors import InputError
from course_lib.models.filters import keep_min_p, keep_top_k, keep_top_p, penalise_repetition


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How tokens are chosen; as it stands, the most likely one always (*greedy*).

    ``temperature`` divides the logits before the filters: below 1 the likely grow likelier, above 1
    all grow alike, and 0 is greedy. Raises ``InputError`` for a temperature below 0.

    >>> Sampling(temperature=0.8, top_p=0.95).is_greedy, Sampling().is_greedy
    (False, True)
    """

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None

    def __post_init__(self) -> None:
        if self.temperature < 0:
            raise InputError("the temperature", expected="0 or more", got=self.temperature)

    @property
    def is_greedy(self) -> bool:
        """Whether nothing is drawn."""
        return self.temperature == 0


def filtered(
    logits: Float[Tensor, "batch vocabulary"],
    sampling: Sampling,
    repeated: Bool[Tensor, "batch vocabulary"] | None = None,
) -> Float[Tensor, "batch vocabulary"]:
    """Return the logits as they are drawn from: penalty, temperature, then top-k, top-p, min-p.

    >>> filtered(torch.tensor([[0.0, 2.0, 4.0]]), Sampling(temperature=2.0, top_k=2)).tolist()
    [[-inf, 1.0, 2.0]]
    """
    if sampling.repetition_penalty is not None and repeated is not None:
        logits = penalise_repetition(logits, repeated, sampling.repetition_penalty)
    if sampling.is_greedy:
        return logits
    logits = logits / sampling.temperature
    if sampling.top_k is not None:
        logits = keep_top_k(logits, sampling.top_k)
    if sampling.top_p is not None:
        logits = keep_top_p(logits, sampling.top_p)
    if sampling.min_p is not None:
        logits = keep_min_p(logits, sampling.min_p)
    return logits


def choose(
    logits: Float[Tensor, "batch vocabulary"],
    sampling: Sampling,
    *,
    repeated: Bool[Tensor, "batch vocabulary"] | None = None,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " batch"]:
    """Return a token for each row; ``generator``, on the logits' device, makes it repeatable.

    >>> choose(torch.tensor([[0.0, 2.0, 1.0]]), Sampling()).tolist()
    [1]
    """
    logits = filtered(logits, sampling, repeated)
    if sampling.is_greedy:
        return logits.argmax(dim=-1)
    probabilities = logits.float().softmax(dim=-1)
    return torch.multinomial(probabilities, 1, generator=generator).squeeze(-1)
