"""Beam search: keep the few likeliest texts so far, not only the likeliest next token.

A text's score is the sum of its tokens' log-probabilities, divided by length^α so that short texts
don't win by being short (Wu et al., 2016, https://arxiv.org/abs/1609.08144, in the plain form that
most libraries use). A beam that has met the stop token is set aside and never grown; the search
ends when no growing beam can beat the worst one set aside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from course_lib.errors import InputError
from course_lib.models.language.generation import Decoder, Stop, check_prompts, stop_tokens
from course_lib.models.language.sampling import check_logits


@dataclass(order=True)
class Hypothesis:
    """A text that the search considers, without its prompt, and its score."""

    score: float
    tokens: list[int] = field(compare=False)


def beam_search(
    decoder: Decoder,
    prompt: Sequence[int],
    *,
    new_tokens: int,
    beams: int = 4,
    length_penalty: float = 1.0,
    stop: Stop = (),
) -> list[Hypothesis]:
    """Return up to ``beams`` continuations of one prompt, best first, without the stop token.

    ``length_penalty`` is α; 0 compares plain sums. The stop token counts in the length. Raises
    ``InputError`` for fewer than one beam, an empty prompt, or less than one new token, and
    ``ModelError`` when the model's logits are no longer numbers.

    >>> from course_lib.models import GPT, GPTConfig, GPTDecoder
    >>> model = GPT(GPTConfig.gpt2(vocabulary=9, context=8, layers=1, heads=1, width=4))
    >>> found = beam_search(GPTDecoder(model), [1, 2], new_tokens=3, beams=2)
    >>> len(found), found[0].score >= found[1].score
    (2, True)
    """
    check_prompts([prompt], new_tokens)
    if beams < 1:
        raise InputError("beams", expected="at least 1", got=beams)
    search = _Search(beams, length_penalty, stop_tokens(stop))
    logits = decoder.start([prompt] * beams, new_tokens)
    # All beams begin alike: only the first may grow, or they would stay alike.
    scores = torch.full((beams,), -math.inf, device=logits.device)
    scores[0] = 0.0
    for length in range(1, new_tokens + 1):
        check_logits(logits)
        total = scores[:, None] + logits.float().log_softmax(dim=-1)
        scores, rows, ids = search.grow(total, length)
        if not search.growing or length == new_tokens:
            break
        if search.is_over(float(scores[0]), new_tokens):
            break
        decoder.reorder(rows)
        logits = decoder.step(ids)
    return search.best(scores.tolist())


class _Search:
    """The beams that grow, and those set aside."""

    def __init__(self, beams: int, length_penalty: float, ends: frozenset[int]) -> None:
        self.beams, self.length_penalty, self.ends = beams, length_penalty, ends
        self.growing: list[list[int]] = [[] for _ in range(beams)]
        self.finished: list[Hypothesis] = []

    def grow(self, total: Tensor, length: int) -> tuple[Tensor, Tensor, Tensor]:
        """Set aside what ends here, and keep the best of the rest: their scores, rows, tokens."""
        vocabulary = total.shape[1]
        # Each beam may end in each stop token: so many more candidates leave enough that don't.
        wanted = min(total.numel(), self.beams * (1 + len(self.ends)))
        scores, places = total.flatten().topk(wanted)
        going: list[tuple[float, int, int]] = []
        for rank, (score, place) in enumerate(zip(scores.tolist(), places.tolist(), strict=True)):
            row, token = divmod(place, vocabulary)
            if token not in self.ends:
                going.append((score, row, token))
            elif rank < self.beams and score > -math.inf:
                self._set_aside(score, self.growing[row], length)
        going = going[: self.beams]
        self.growing = [[*self.growing[row], token] for _, row, token in going]
        return self._as_tensors(going, total.device)

    def is_over(self, best_score: float, new_tokens: int) -> bool:
        """Say whether no growing beam can still beat the worst one set aside."""
        if len(self.finished) < self.beams:
            return False
        # Scores only fall; the length that would divide best depends on α's sign.
        length = new_tokens if self.length_penalty > 0 else len(self.growing[0])
        return min(self.finished).score >= self._normalised(best_score, length)

    def best(self, scores: list[float]) -> list[Hypothesis]:
        """Return the best of those set aside and those that still grew at the end."""
        unfinished = [
            Hypothesis(self._normalised(score, len(tokens)), tokens)
            for score, tokens in zip(scores, self.growing, strict=True)
            if score > -math.inf
        ]
        return sorted([*self.finished, *unfinished], reverse=True)[: self.beams]

    def _set_aside(self, score: float, tokens: list[int], length: int) -> None:
        self.finished.append(Hypothesis(self._normalised(score, length), list(tokens)))
        self.finished = sorted(self.finished, reverse=True)[: self.beams]

    def _normalised(self, score: float, length: int) -> float:
        return float(score / length**self.length_penalty)

    def _as_tensors(
        self, going: list[tuple[float, int, int]], device: torch.device
    ) -> tuple[Tensor, Tensor, Tensor]:
        scores = torch.tensor([score for score, _, _ in going], device=device)
        rows = torch.tensor([row for _, row, _ in going], dtype=torch.long, device=device)
        ids = torch.tensor([token for _, _, token in going], dtype=torch.long, device=device)
        return scores, rows, ids
