"""Exercise: top-p, or nucleus, filtering."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield probabilities that one can add up, then logits of any size."""
    shares = torch.tensor([[0.1, 0.4, 0.3, 0.2]]).log()
    yield Case("the token that crosses p", shares, 0.6)
    yield Case("the best token alone", shares, 0.1)
    yield Case("all of them", shares, 1.0)
    drawn = 2 * normal(rng, 3, 8)
    yield Case("a batch", drawn, 0.8)
    yield Case("logits of any size", drawn + 5, float(rng.uniform(0.4, 0.7)))


def _filtered(logits: Any, keep: Any) -> Any:
    return logits.masked_fill(~keep, -math.inf)


def one_too_few(logits: Any, p: float) -> Any:
    """Keep while the sum including the token is at most p."""
    ordered, places = logits.sort(-1, descending=True)
    kept = ordered.masked_fill(ordered.softmax(-1).cumsum(-1) > p, float("-inf"))
    return logits.new_empty(logits.shape).scatter_(-1, places, kept)


def each_by_itself(logits: Any, p: float) -> Any:
    """Compare each probability with 1 − p."""
    return _filtered(logits, logits.softmax(-1) >= 1 - p)


def left_sorted(logits: Any, p: float) -> Any:
    """Forget to put the tokens back."""
    ordered, _ = logits.sort(-1, descending=True)
    probabilities = ordered.softmax(-1)
    return _filtered(ordered, probabilities.cumsum(-1) - probabilities < p)


def from_the_least(logits: Any, p: float) -> Any:
    """Add up from the unlikeliest token."""
    ordered, places = logits.sort(-1)
    probabilities = ordered.softmax(-1)
    kept = _filtered(ordered, probabilities.cumsum(-1) - probabilities < p)
    return torch.empty_like(logits).scatter_(-1, places, kept)


def zeros(logits: Any, p: float) -> Any:
    """Set the rest to 0."""
    ordered, places = logits.sort(-1, descending=True)
    probabilities = ordered.softmax(-1)
    kept = ordered.masked_fill(probabilities.cumsum(-1) - probabilities >= p, 0.0)
    return torch.empty_like(logits).scatter_(-1, places, kept)


def renormalised(logits: Any, p: float) -> Any:
    """Return probabilities."""
    ordered, places = logits.sort(-1, descending=True)
    probabilities = ordered.softmax(-1)
    kept = _filtered(ordered, probabilities.cumsum(-1) - probabilities < p).softmax(-1)
    return torch.empty_like(logits).scatter_(-1, places, kept)


EXERCISE = Exercise(
    name="keep_top_p",
    points=3,
    difficulty=4,
    minutes=20,
    reference="course_lib.models.language.filters:keep_top_p",
    cases=cases,
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("one token too few", one_too_few,
                "The token whose probability crosses p was dropped; if the best token alone "
                "exceeds p, nothing is left. Keep a token while the sum *before* it is below p."),
        Mistake("each by itself", each_by_itself,
                "You compared single probabilities. Top-p adds them up, from the likeliest down, "
                "until the sum reaches p."),
        Mistake("left in order", left_sorted,
                "The logits came back sorted, so token 0 is now the likeliest. Put each back at "
                "its place: scatter_ with the places that sort gave."),
        Mistake("from the unlikeliest", from_the_least,
                "The sum began at the unlikeliest token. Sort with descending=True."),
        Mistake("zeros", zeros,
                "A logit of 0 is not a probability of 0: softmax gives it a share. Use −inf."),
        Mistake("probabilities returned", renormalised,
                "You returned probabilities. Return logits, with −inf where a token is out: other "
                "filters and softmax come after."),
    ),
    hints=(
        "Probabilities 0.4, 0.3, 0.2, 0.1 and p = 0.6: which tokens stay? What is the sum *before* "
        "each of them?",
        "logits.sort(dim=-1, descending=True) gives the logits in order and their places; cumsum "
        "of softmax gives the sums. How do you get the sum before a token from the one with it?",
        "before = probabilities.cumsum(-1) - probabilities; ordered.masked_fill(before >= p, "
        "-math.inf); torch.empty_like(logits).scatter_(-1, places, ordered).",
    ),
)  # fmt: skip
