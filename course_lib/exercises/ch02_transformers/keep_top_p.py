"""Exercise: top-p, or nucleus, filtering."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY, TENSOR, either


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield probabilities that one can add up, then logits of any size."""
    shares = torch.tensor([[0.1, 0.4, 0.3, 0.2]]).log()
    yield Case("the token that crosses p", shares, 0.6)
    yield Case("the best token alone", shares, 0.1)
    yield Case("all of them", shares, 1.0)
    yield Case("the best token alone", shares, 0.0)
    yield Case("a sum of exactly p", torch.zeros(1, 4), 0.5)
    drawn = _distinct(rng, 3, 8)
    yield Case("a batch", drawn, _between_sums(rng, drawn, 0.6, 0.95))
    yield Case("logits of any size", drawn + 5, _between_sums(rng, drawn, 0.3, 0.7))


def _distinct(rng: np.random.Generator, rows: int, count: int) -> Any:
    """Draw rows of logits at least 0.3 apart, so that their order is never in doubt."""
    ranks = np.stack([rng.permutation(count) for _ in range(rows)])
    return torch.tensor(0.6 * ranks - 2 + rng.uniform(0, 0.3, ranks.shape), dtype=torch.float32)


def _between_sums(rng: np.random.Generator, logits: Any, low: float, high: float) -> float:
    """Draw a p that no row's sum comes near, so that rounding decides nothing."""
    sums = logits.sort(-1, descending=True).values.softmax(-1).cumsum(-1).numpy()
    tried = np.round(rng.uniform(low, high, 50), 3)
    return float(max(tried, key=lambda p: np.abs(sums - p).min()))


def close_but_for_ties(got: Any, expected: Any) -> str | None:
    """Compare token by token; of logits that are all equal, any may be kept."""
    if isinstance(expected, np.ndarray) and expected.dtype.kind == "f":
        kept = expected[np.isfinite(expected)]
        if kept.size > 1 and np.all(kept == kept[0]):
            got, expected = np.sort(got), np.sort(expected)
    return close(relative=1e-4, absolute=1e-5)(got, expected)


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
    """Add up from the least probable token."""
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


def one_too_many(logits: Any, p: float) -> Any:
    """Keep while the sum before is at most p, as a shifted cumsum > p does."""
    ordered, places = logits.sort(-1, descending=True)
    probabilities = ordered.softmax(-1)
    kept = _filtered(ordered, probabilities.cumsum(-1) - probabilities <= p)
    return torch.empty_like(logits).scatter_(-1, places, kept)


def nothing_left(logits: Any, p: float) -> Any:
    """Let p = 0 leave no token."""
    ordered, places = logits.sort(-1, descending=True)
    probabilities = ordered.softmax(-1)
    kept = _filtered(ordered, probabilities.cumsum(-1) - probabilities < p)
    return torch.empty_like(logits).scatter_(-1, places, kept)


def gathered_back(logits: Any, p: float) -> Any:
    """Take gather for what undoes a sort."""
    ordered, places = logits.sort(-1, descending=True)
    return _kept_in_order(ordered, p).gather(-1, places)


def _kept_in_order(ordered: Any, p: float) -> Any:
    probabilities = ordered.softmax(-1)
    out = probabilities.cumsum(-1) - probabilities >= p
    out[..., 0] = False
    return _filtered(ordered, ~out)


def by_shifted_sums(logits: Any, p: float) -> Any:
    """Move the sums one place to the right, and undo the sort by the order of its places."""
    places = logits.argsort(-1, descending=True)
    ordered = logits.gather(-1, places)
    reached = ordered.softmax(-1).cumsum(-1) >= p
    out = torch.cat([torch.zeros_like(reached[..., :1]), reached[..., :-1]], dim=-1)
    return _filtered(ordered, ~out).gather(-1, places.argsort(-1))


def row_by_row(logits: Any, p: float) -> Any:
    """Add up by a loop."""
    found = torch.full_like(logits, -math.inf)
    for row, probabilities, kept in zip(logits, logits.softmax(-1), found, strict=True):
        total = 0.0
        for place in probabilities.argsort(descending=True).tolist():
            kept[place] = row[place]
            total += probabilities[place].item()
            if total >= p:
                break
    return found


EXERCISE = Exercise(
    name="keep_top_p",
    points=3,
    difficulty=4,
    minutes=20,
    reference="course_lib.exercises.ch02_transformers.references:keep_top_p",
    withhold=("course_lib.models.language.filters",),
    cases=cases,
    returns=either(TENSOR, ARRAY),
    alternatives=(by_shifted_sums, row_by_row),
    not_by=("course_lib.models.language.filters:keep_top_p",),
    compare=close_but_for_ties,
    mistakes=(
        Mistake("one token too few", one_too_few,
                "The token whose probability crosses p was dropped; if the best token alone "
                "exceeds p, nothing is left. Keep a token while the sum *before* it is below p."),
        Mistake("each by itself", each_by_itself,
                "You compared single probabilities. Top-p adds them up, from the most probable "
                "down, until the sum reaches p."),
        Mistake("left in order", left_sorted,
                "The logits came back sorted, so token 0 is now the most probable. Put each back "
                "at its place: scatter_ with the places that sort gave."),
        Mistake("from the least probable", from_the_least,
                "The sum began at the least probable token. Sort with descending=True."),
        Mistake("zeros", zeros,
                "A logit of 0 is not a probability of 0: softmax gives it a share. Use −inf."),
        Mistake("probabilities returned", renormalised,
                "You returned probabilities. Return logits, with −inf where a token is out: other "
                "filters and softmax come after."),
        Mistake("one token too many", one_too_many,
                "Where the sum before a token is exactly p, p is reached: that token is out. Keep "
                "while the sum before is *below* p, <, not <=."),
        Mistake("nothing left at p = 0", nothing_left,
                "With p = 0 no token is left, and softmax of −inf throughout is nan. The most "
                "probable token always stays: set its place apart."),
        Mistake("gather undoes a sort", gathered_back,
                "gather(-1, places) sorts a second time; it does not undo the sort. scatter_ "
                "writes to the places, or gather by places.argsort()."),
    ),
    hints=(
        "Probabilities 0.4, 0.3, 0.2, 0.1 and p = 0.6: which tokens stay? What is the sum *before* "
        "each of them?",
        "logits.sort(dim=-1, descending=True) gives the logits in order and their places; cumsum "
        "of softmax gives the sums. How do you get the sum before a token from the one with it?",
        "out = probabilities.cumsum(-1) - probabilities >= p; out[..., 0] = False; "
        "ordered.masked_fill(out, -math.inf); "
        "torch.empty_like(logits).scatter_(-1, places, ordered).",
    ),
)  # fmt: skip
