"""Exercise: the probabilities that the next token is drawn from: temperature and top-k."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.probes import with_tensors
from course_lib.exercises.returned import TENSOR


def next_probabilities(logits: Any, temperature: float, k: int) -> Any:
    """Return probabilities, none but the k most probable above 0, at a temperature."""
    least = logits.topk(min(k, len(logits))).values[-1]
    kept = logits.masked_fill(logits < least, -float("inf"))
    return (kept / temperature).softmax(dim=-1)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield shares to work out by hand, then each knob alone, then both."""
    by_hand = np.log(np.array([1.0, 2.0, 5.0]))
    yield Case("all tokens as they are", by_hand, 1.0, 3)
    yield Case("the two most probable", by_hand, 1.0, 2)
    yield Case("the most probable alone", np.array([0.5, 2.0, -1.0]), 0.7, 1)
    yield Case("a low temperature", by_hand, 0.5, 3)
    yield Case("k beyond the vocabulary", np.array([1.0, -2.0]), 2.0, 50)
    yield Case("large logits", np.array([1000.0, 990.0, 1001.0]), 1.0, 2)
    drawn = 3 * rng.normal(size=9)
    yield Case("both at once", drawn, 0.8, 4)


def _kept(logits: Any, k: int) -> Any:
    least = logits.topk(min(k, len(logits))).values[-1]
    return logits.masked_fill(logits < least, -float("inf"))


def after_the_softmax(logits: Any, temperature: float, k: int) -> Any:
    """Divide probabilities."""
    return _kept(logits, k).softmax(dim=-1) / temperature


def multiplied(logits: Any, temperature: float, k: int) -> Any:
    """Multiply by the temperature."""
    return (_kept(logits, k) * temperature).softmax(dim=-1)


def one_too_few(logits: Any, temperature: float, k: int) -> Any:
    """Keep what is above the k-th."""
    least = logits.topk(min(k, len(logits))).values[-1]
    kept = logits.masked_fill(logits <= least, -float("inf"))
    return (kept / temperature).softmax(dim=-1)


def not_shared_out(logits: Any, temperature: float, k: int) -> Any:
    """Cut probabilities off and leave the rest as they were."""
    shares = (logits / temperature).softmax(dim=-1)
    least = shares.topk(min(k, len(logits))).values[-1]
    return shares.masked_fill(shares < least, 0.0)


def zero_logits(logits: Any, temperature: float, k: int) -> Any:
    """Put 0 where −∞ belongs."""
    least = logits.topk(min(k, len(logits))).values[-1]
    return (logits.masked_fill(logits < least, 0.0) / temperature).softmax(dim=-1)


def least_probable(logits: Any, temperature: float, k: int) -> Any:
    """Keep the smallest."""
    most = logits.topk(min(k, len(logits)), largest=False).values[-1]
    return (logits.masked_fill(logits > most, -float("inf")) / temperature).softmax(dim=-1)


def k_too_large(logits: Any, temperature: float, k: int) -> Any:
    """Ask for more than there are."""
    least = logits.topk(k).values[-1]
    kept = logits.masked_fill(logits < least, -float("inf"))
    return (kept / temperature).softmax(dim=-1)


def by_sorting(logits: Any, temperature: float, k: int) -> Any:
    """Give probabilities to the first k of a sorted list."""
    import torch

    order = logits.argsort(descending=True)[:k]
    chances = torch.zeros_like(logits)
    chances[order] = torch.softmax(logits[order] / temperature, -1)
    return chances


def by_exponentials(logits: Any, temperature: float, k: int) -> Any:
    """Exponentiate, cut off, and share out."""
    shifted = ((logits - logits.max()) / temperature).exp()
    rank = (logits[None, :] > logits[:, None]).sum(dim=1)
    kept = shifted * (rank < k)
    return kept / kept.sum()


def shared_out_after(logits: Any, temperature: float, k: int) -> Any:
    """Divide probabilities by the temperature, and share out what comes."""
    shares = _kept(logits, k).softmax(dim=-1) / temperature
    return shares / shares.sum()


EXERCISE = Exercise(
    name="next_probabilities",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch03_training.next_probabilities:next_probabilities",
    cases=cases,
    returns=TENSOR,
    alternatives=(by_sorting, by_exponentials),
    not_by=("course_lib.models.language.sampling:filtered",
            "course_lib.models.language.filters:keep_top_k"),
    probe=with_tensors,
    compare=close(relative=1e-5, absolute=1e-8),
    mistakes=(
        Mistake("temperature after the softmax", after_the_softmax,
                "Probabilities divided by a number no longer sum to 1, and no token has become "
                "more probable than another. Divide the logits, before the softmax."),
        Mistake("multiplied", multiplied,
                "A low temperature should sharpen: divide by it. You multiplied, which does the "
                "opposite."),
        Mistake("one too few", one_too_few,
                "The k-th largest itself is out: k − 1 tokens are left, and with k = 1 none, which "
                "gives nan. Remove what is *below* it."),
        Mistake("not shared out", not_shared_out,
                "What was cut off is missing from the sum. Put −∞ into the logits and take the "
                "softmax afterwards: it shares out among those that are left."),
        Mistake("zero instead of −∞", zero_logits,
                "A logit of 0 is no absence: e to the 0 is 1. What is out must have −∞."),
        Mistake("the least probable", least_probable,
                "These are the k smallest logits."),
        Mistake("k beyond the vocabulary", k_too_large,
                "topk fails when k is more than there are tokens: min(k, len(logits))."),
        Mistake("the temperature lost in the sum", shared_out_after,
                "Probabilities divided by a number and then by their sum are what they were: the "
                "temperature has no effect. It divides the logits, before the softmax."),
    ),
    hints=(
        "Which logit must be put in so that a token's probability becomes 0?",
        "The last of logits.topk(k).values is the smallest that stays. What if k is larger than "
        "the vocabulary?",
        'kept = logits.masked_fill(logits < least, -float("inf")); then (kept / '
        "temperature).softmax(dim=-1).",
    ),
)  # fmt: skip
