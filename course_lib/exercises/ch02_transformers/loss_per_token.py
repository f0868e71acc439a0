"""Debug: the loss runs over the wrong axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch02_transformers.drawing import normal, whole
from course_lib.exercises.ch02_transformers.probes import with_gradient
from course_lib.exercises.returned import LOSS


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one token, then a batch whose vocabulary is as large as its time, then padding."""
    yield Case("one token", torch.tensor([[[1.0, 3.0, 2.0]]]), torch.tensor([[0]]))
    yield Case("a batch", 2 * normal(rng, 2, 4, 4), whole(rng, 4, 2, 4))
    yield Case("another vocabulary", 2 * normal(rng, 2, 3, 5), whole(rng, 5, 2, 3))
    labels = whole(rng, 4, 2, 4)
    labels[1, 1:] = -100
    yield Case("padding", 2 * normal(rng, 2, 4, 4), labels)


def as_in_the_listing(logits: Any, labels: Any) -> Any:
    """Give three axes as they are: PyTorch takes the time for the classes."""
    from torch.nn import functional

    return functional.cross_entropy(logits, labels)


def viewed_not_transposed(logits: Any, labels: Any) -> Any:
    """Bring the axes into the right shape by reshape."""
    from torch.nn import functional

    batch, time, vocabulary = logits.shape
    return functional.cross_entropy(logits.reshape(batch, vocabulary, time), labels)


def of_probabilities(logits: Any, labels: Any) -> Any:
    """Apply softmax first."""
    from torch.nn import functional

    return functional.cross_entropy(logits.softmax(-1).flatten(0, 1), labels.flatten())


def summed(logits: Any, labels: Any) -> Any:
    """Add up the tokens."""
    from torch.nn import functional

    return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum")


def mean_of_means(logits: Any, labels: Any) -> Any:
    """Average each text by itself."""
    from torch.nn import functional

    losses = [
        functional.cross_entropy(one, other) for one, other in zip(logits, labels, strict=True)
    ]
    return sum(losses) / len(losses)


def padding_counted(logits: Any, labels: Any) -> Any:
    """Divide by all places."""
    from torch.nn import functional

    total = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum")
    return total / labels.numel()


def a_plain_number(logits: Any, labels: Any) -> Any:
    """Return a Python number."""
    return by_transposing(logits, labels).item()


def by_transposing(logits: Any, labels: Any) -> Any:
    """Move the classes to axis one."""
    from torch.nn import functional

    return functional.cross_entropy(logits.transpose(1, 2), labels)


def by_hand(logits: Any, labels: Any) -> Any:
    """Pick each label's log-probability, and average those that count."""
    counted = labels != -100
    chosen = logits.gather(-1, labels.clamp(min=0)[..., None])[..., 0]
    losses = logits.logsumexp(-1) - chosen
    return losses[counted].mean()


EXERCISE = Exercise(
    name="loss_per_token",
    points=2,
    difficulty=2,
    minutes=10,
    kind="debug",
    reference="course_lib.exercises.ch02_transformers.references:loss_per_token",
    cases=cases,
    probe=with_gradient,
    returns=LOSS,
    alternatives=(by_transposing, by_hand),
    not_by=(
        "course_lib.training:next_token_loss", "course_lib.training.next_token:next_token_loss",
    ),
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("as in the listing", as_in_the_listing,
                "cross_entropy expects the classes on axis *one*: of (batch, time, vocabulary) it "
                "took the time for them, and where the two are equal it does not even complain. "
                "Flatten batch and time into one axis."),
        Mistake("reshaped, not transposed", viewed_not_transposed,
                "reshape gives the right shape with numbers of other tokens in it. Flatten batch "
                "and time, or transpose(1, 2)."),
        Mistake("softmax twice", of_probabilities,
                "cross_entropy takes logits, and applies log-softmax itself. Softmax of softmax is "
                "nearly flat, and so are its gradients."),
        Mistake("summed", summed,
                "The sum grows with the batch, and so would every step. Take the mean."),
        Mistake("mean of means", mean_of_means,
                "Each text was averaged by itself, so a token of a short text weighs more than one "
                "of a long text. One mean over all tokens."),
        Mistake("padding counted", padding_counted,
                "You divided by all places, the padding (label −100) included. cross_entropy's own "
                "mean leaves it out."),
        Mistake("a number without a gradient", a_plain_number,
                "The value is right, but .item() or float() made a plain number of it. "
                "loss.backward() below needs the tensor itself."),
    ),
    hints=(
        "On which axis does F.cross_entropy look for the classes?",
        "Batch and time may become one axis: every place is one example. Labels alike.",
        "F.cross_entropy(logits.flatten(0, 1), labels.flatten())",
    ),
)  # fmt: skip
