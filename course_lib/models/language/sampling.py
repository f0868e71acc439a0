"""Choosing the next token from its logits: the best, or a draw after the filters."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from course_lib.errors import CourseError, InputError
from course_lib.models.fields import check_fields, check_positive
from course_lib.models.language.filters import (
    keep_min_p,
    keep_top_k,
    keep_top_p,
    penalise_repetition,
)

COLDEST = 1e-6
"""Below this temperature one token has all the probability, and a division would overflow."""


class ModelError(CourseError):
    """A model that no token can be chosen from: its logits are no longer numbers."""


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How tokens are chosen; as it stands, the most likely one always (*greedy*).

    ``temperature`` divides the logits before the filters: below 1 the likely grow likelier, above 1
    all grow alike, and 0 (or less than a millionth) is greedy. Raises ``InputError`` for a value
    that its filter can't work with.

    >>> Sampling(temperature=0.8, top_p=0.95).is_greedy, Sampling().is_greedy
    (False, True)
    """

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        check_positive(self, "top_k", "top_p", "min_p", "repetition_penalty")
        if self.temperature < 0:
            raise InputError("the temperature", expected="0 or more", got=self.temperature)
        for name in ("top_p", "min_p"):
            share = getattr(self, name)
            if share is not None and share > 1:
                raise InputError(name, expected="above 0, at most 1", got=share)

    @property
    def is_greedy(self) -> bool:
        """Whether nothing is drawn."""
        return self.temperature < COLDEST


def filtered(
    logits: Float[Tensor, "batch vocabulary"],
    sampling: Sampling,
    repeated: Bool[Tensor, "batch vocabulary"] | None = None,
) -> Float[Tensor, "batch vocabulary"]:
    """Return the logits as they are drawn from: penalty, temperature, then top-k, top-p, min-p.

    Whatever the model computes in, they come back in float32.

    >>> filtered(torch.tensor([[0.0, 2.0, 4.0]]), Sampling(temperature=2.0, top_k=2)).tolist()
    [[-inf, 1.0, 2.0]]
    """
    logits = logits.float()
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


def check_logits(logits: Float[Tensor, "batch vocabulary"]) -> None:
    """Raise ``ModelError`` unless the greatest logit of each row is a finite number.

    >>> check_logits(torch.tensor([[0.0, -torch.inf]]))
    """
    if not logits.amax(dim=-1).isfinite().all():  # NaN counts as the greatest
        remedy = "did its training diverge? take an earlier checkpoint"
        raise ModelError("the model's logits", expected="finite", got="NaN or ∞", remedy=remedy)


def choose(
    logits: Float[Tensor, "batch vocabulary"],
    sampling: Sampling,
    *,
    repeated: Bool[Tensor, "batch vocabulary"] | None = None,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " batch"]:
    """Return a token for each row; ``generator``, on the logits' device, makes it repeatable.

    Raises ``ModelError`` for logits that are no longer numbers.

    >>> choose(torch.tensor([[0.0, 2.0, 1.0]]), Sampling()).tolist()
    [1]
    """
    check_logits(logits)
    logits = filtered(logits, sampling, repeated)
    if sampling.is_greedy:
        return logits.argmax(dim=-1)
    probabilities = logits.softmax(dim=-1)
    return torch.multinomial(probabilities, 1, generator=generator).squeeze(-1)
