"""Challenge: a small model of characters, scored by its loss on held-out text.

The bars are computed on the same text: the shares of single characters, and counted pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.exercises import Case, Challenge, Exercise, Mistake, close
from course_lib.exercises.ch03_training.held_out_characters import (
    CONTEXT,
    VOCABULARY,
    held_out,
    is_distribution,
    loss_of,
)
from course_lib.exercises.ch03_training.probes import predicted_characters
from course_lib.exercises.returned import FUNCTION

Model = Callable[[Any], Any]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a short text first, for the form alone; then held-out text, once for each bar."""
    short, contexts = rng.integers(4, size=60), rng.integers(4, size=(3, CONTEXT))
    yield Case("probabilities that sum to one", short, 4).setting(contexts=contexts)
    number = int(rng.integers(2**31))
    drawn = held_out(number, secret=True)
    asked = Case("", drawn.training, VOCABULARY).setting(contexts=drawn.contexts)
    for aspect, bar in BARS.items():
        yield asked.also(aspect, labels=drawn.truth, bar=bar, limit=_least(bar, number))


def character_model(tokens: Any, vocabulary: int) -> Model:
    """Return a network's probabilities: embeddings of the last characters, one hidden layer.

    After Bengio et al., 2003, https://www.jmlr.org/papers/v3/bengio03a.html.
    """
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Embedding(vocabulary, 16), nn.Flatten(),
            nn.Linear(16 * CONTEXT, 128), nn.ReLU(), nn.Linear(128, vocabulary),
        )  # fmt: skip
    windows = torch.from_numpy(np.lib.stride_tricks.sliding_window_view(tokens, CONTEXT + 1).copy())
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
    steps = 150 if len(tokens) > 1000 else 10
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = 0.01 * (1 - step / steps)
        batch = windows[torch.randint(len(windows), (256,), generator=generator)]
        loss = nn.functional.cross_entropy(model(batch[:, :-1]), batch[:, -1])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    def probabilities(contexts: Any) -> Any:
        with torch.no_grad():
            return model(torch.from_numpy(contexts)).softmax(dim=-1).numpy()

    return probabilities


def single_characters(tokens: Any, vocabulary: int) -> Model:
    """Give each character its share, whatever came before."""
    counts = np.bincount(tokens, minlength=vocabulary) + 1.0
    return lambda contexts: np.tile(counts / counts.sum(), (len(contexts), 1))


def pairs(tokens: Any, vocabulary: int) -> Model:
    """Count pairs."""
    table = _table(tokens[:-1], tokens[1:], vocabulary)
    return lambda contexts: table[contexts[:, -1]]


def logits_returned(tokens: Any, vocabulary: int) -> Model:
    """Return logarithms of probabilities."""
    table = np.log(_table(tokens[:-1], tokens[1:], vocabulary))
    return lambda contexts: table[contexts[:, -1]]


def oldest_character(tokens: Any, vocabulary: int) -> Model:
    """Look at the wrong end of the context."""
    table = _table(tokens[:-1], tokens[1:], vocabulary)
    return lambda contexts: table[contexts[:, 0]]


def leaking(tokens: Any, vocabulary: int) -> Model:
    """Learn from windows whose target is their last input: copying."""
    table = _table(tokens, tokens, vocabulary)
    return lambda contexts: table[contexts[:, -1]]


def untrained(tokens: Any, vocabulary: int) -> Model:
    """Give all characters the same."""
    return lambda contexts: np.full((len(contexts), vocabulary), 1 / vocabulary)


def _table(first: Any, second: Any, vocabulary: int) -> np.ndarray:
    counts = np.ones((vocabulary, vocabulary))
    np.add.at(counts, (first, second), 1)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


BASELINES = {"single characters": single_characters, "pairs": pairs}
BARS = {"beats single characters": "single characters", "beats counted pairs": "pairs"}


def score(probabilities: Any, truth: dict[str, Any]) -> float | str:
    """Return the mean loss on what really came next."""
    return loss_of(probabilities, truth["labels"])


def sums_to_one(got: Any, expected: Any) -> str | None:
    """Say what is wrong with the form of probabilities, whose values are free."""
    given = np.asarray(got, dtype=np.float64)
    if given.shape != np.shape(expected):
        return f"got shape {given.shape}, expected {np.shape(expected)}"
    if is_distribution(given):
        return None
    return "the rows are no probabilities: none below 0, each row with the sum 1"


def counted_triples(tokens: Any, vocabulary: int) -> Model:
    """Count what follows each two characters."""
    counts = np.full((vocabulary,) * 3, 0.05)
    np.add.at(counts, (tokens[:-2], tokens[1:-1], tokens[2:]), 1)
    table = counts / counts.sum(axis=-1, keepdims=True)
    return lambda contexts: table[contexts[:, -2], contexts[:, -1]]


@lru_cache(maxsize=256)
def _least(bar: str, number: int) -> float:
    drawn = held_out(number, secret=True)
    model = BASELINES[bar](drawn.training, VOCABULARY)
    return float(loss_of(model(drawn.contexts), drawn.truth))


EXERCISE = Exercise(
    name="character_model",
    points=5,
    difficulty=4,
    minutes=40,
    kind="challenge",
    reference="course_lib.exercises.ch03_training.character_model:character_model",
    cases=cases,
    probe=predicted_characters,
    compare=sums_to_one,
    challenge=Challenge(score, "a loss of {:.3f} nats", higher_is_better=False),
    alike=close(relative=1e-4, absolute=1e-6),
    returns=FUNCTION,
    alternatives=(counted_triples,),
    mistakes=(
        Mistake("single characters", single_characters,
                "This is the first bar itself: it does not look at the context. What comes after "
                "q is no matter of shares."),
        Mistake("counted pairs", pairs,
                "This is the second bar itself: it looks at one character. Six are given: let the "
                "model see three or more of them."),
        Mistake("logarithms returned", logits_returned,
                "What is returned are logarithms. Probabilities are asked for: exp of them, or a "
                "softmax of logits."),
        Mistake("the oldest character", oldest_character,
                "contexts[:, 0] is the *first* of six characters. The one just before the question "
                "is contexts[:, -1]."),
        Mistake("a leak", leaking,
                "The model was trained to name a character that stands in its input. On the "
                "training text that looks perfect; on held-out text it only knows how to copy."),
        Mistake("untrained", untrained,
                "All characters get the same. Was the model trained at all?"),
    ),
    hints=(
        "Which windows of seven characters are in the tokens, and what is input and target in "
        "them?",
        "A network that suffices: nn.Embedding, nn.Flatten, nn.Linear, nn.ReLU, nn.Linear. A few "
        "hundred steps of AdamW on random batches of 256 windows take less than a second.",
        "sliding_window_view(tokens, 7) gives the windows; cross_entropy(model(batch[:, :-1]), "
        "batch[:, -1]); learning rate 0.01, falling to 0 over 150 steps; at the end softmax.",
    ),
)  # fmt: skip
