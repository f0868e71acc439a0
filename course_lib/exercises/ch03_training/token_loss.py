"""Exercise: vectorise the cross-entropy of a batch, with padding that does not count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch03_training.probes import counting_steps_with_tensors
from course_lib.exercises.few_steps import in_few_steps, looping_alike
from course_lib.exercises.returned import TENSOR

MOST_STEPS = 400
"""Lines of Python that a call may run: tensors need a few dozen, a loop over 600 targets more."""

_near = close(relative=1e-4, absolute=1e-5)


def token_loss(logits: Any, targets: Any) -> Any:
    """Return the mean cross-entropy of the targets that are not −100."""
    from torch.nn import functional

    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield numbers to work out by hand first; then padding, large numbers, many targets."""
    quarters = np.log(np.array([[[0.25, 0.75], [0.5, 0.5]]]))
    yield Case("by hand", quarters, np.array([[1, 0]]))
    drawn = rng.normal(size=(2, 3, 4))
    yield Case("a batch", drawn, rng.integers(4, size=(2, 3)))
    yield Case("padding does not count", drawn, np.array([[1, 3, -100], [2, -100, -100]]))
    yield Case("the first class counts", drawn, np.array([[0, 3, -100], [0, 0, -100]]))
    large = 1000.0 + 3 * rng.normal(size=(2, 2, 5))
    yield Case("large logits", large, rng.integers(5, size=(2, 2)))
    far = np.array([[[0.0, 900.0], [900.0, 0.0]]])
    yield Case("far apart", far, np.array([[0, 0]]))
    many = rng.normal(size=(30, 20, 7)), rng.integers(7, size=(30, 20))
    yield Case("many targets in few steps", *many)


def loops(logits: Any, targets: Any) -> Any:
    """Go on target by target."""
    total, count = 0.0, 0
    for row, row_targets in zip(logits, targets, strict=True):
        for scores, target in zip(row, row_targets, strict=True):
            if target != -100:
                total = total - scores.log_softmax(dim=-1)[target]
                count += 1
    return total / count


def divided_by_all(logits: Any, targets: Any) -> Any:
    """Divide by the number of positions."""
    from torch.nn import functional

    losses = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return losses.mean()


def softmax_first(logits: Any, targets: Any) -> Any:
    """Hand probabilities to cross_entropy."""
    from torch.nn import functional

    return functional.cross_entropy(logits.softmax(-1).flatten(0, 1), targets.flatten())


def over_time(logits: Any, targets: Any) -> Any:
    """Take the softmax along the axis of time."""
    from torch.nn import functional

    return functional.nll_loss(logits.log_softmax(dim=1).flatten(0, 1), targets.flatten())


def reshaped(logits: Any, targets: Any) -> Any:
    """Make the axis of the vocabulary the second by reshape."""
    from torch.nn import functional

    batch, time, vocabulary = logits.shape
    return functional.cross_entropy(logits.reshape(batch, vocabulary, time), targets)


def overflowing(logits: Any, targets: Any) -> Any:
    """Exponentiate the logits as they are."""
    from torch.nn import functional

    shares = logits.exp() / logits.exp().sum(-1, keepdim=True)
    return functional.nll_loss(shares.log().flatten(0, 1), targets.flatten())


def mean_of_rows(logits: Any, targets: Any) -> Any:
    """Average each row first."""
    from torch.nn import functional

    rows = zip(logits, targets, strict=True)
    return sum(functional.cross_entropy(row, wanted) for row, wanted in rows) / len(logits)


def log_of_softmax(logits: Any, targets: Any) -> Any:
    """Take the logarithm of the softmax."""
    from torch.nn import functional

    shares = logits.softmax(-1)
    return functional.nll_loss(shares.log().flatten(0, 1), targets.flatten())


def zero_ignored(logits: Any, targets: Any) -> Any:
    """Keep the targets above 0."""
    kept = targets > 0
    chances = logits.log_softmax(-1)[kept]
    return -chances.gather(1, targets[kept][:, None]).mean()


def by_gather(logits: Any, targets: Any) -> Any:
    """Gather the logarithms of what counts."""
    counted = targets != -100
    logs = logits.log_softmax(dim=-1)[counted]
    return -logs.gather(-1, targets[counted].unsqueeze(-1)).mean()


def by_logsumexp(logits: Any, targets: Any) -> Any:
    """Take the logit of the target off the log of the summed exponentials."""
    counted = (targets != -100).double()
    chosen = logits.take_along_dim(targets.clamp(min=0)[..., None], -1)[..., 0]
    return ((logits.logsumexp(-1) - chosen) * counted).sum() / counted.sum()


EXERCISE = Exercise(
    name="token_loss",
    points=3,
    difficulty=3,
    minutes=12,
    kind="vectorise",
    reference="course_lib.exercises.ch03_training.token_loss:token_loss",
    cases=cases,
    returns=TENSOR,
    alternatives=(by_gather, by_logsumexp),
    not_by=("course_lib.training:next_token_loss",
            "course_lib.training.objectives:language_model_loss"),
    probe=counting_steps_with_tensors,
    compare=in_few_steps(_near, MOST_STEPS),
    alike=looping_alike(_near, MOST_STEPS),
    mistakes=(
        Mistake("still a loop", loops,
                "The value is right, but Python still visits every target. functional."
                "cross_entropy takes all of them at once, when batch and time are one axis."),
        Mistake("padding in the divisor", divided_by_all,
                "A target of −100 costs nothing, but you still divide by it: a batch with more "
                "padding looks better. Divide by the targets that count."),
        Mistake("softmax first", softmax_first,
                "cross_entropy takes logits and does the softmax itself. On probabilities the "
                "loss can never come near 0, and learning is slow: nothing else warns you."),
        Mistake("softmax over time", over_time,
                "For each position the probabilities of the *vocabulary* must sum to 1: the last "
                "axis, not the axis of time."),
        Mistake("reshaped instead of moved", reshaped,
                "reshape only cuts the same row of numbers anew; scores of different positions "
                "get mixed. Join batch and time with flatten(0, 1), or move the axis with "
                "transpose(1, 2)."),
        Mistake("overflow", overflowing,
                "e to the 1000 is infinite, and inf / inf is nan. log_softmax, and cross_entropy, "
                "subtract the largest logit first."),
        Mistake("mean of rows", mean_of_rows,
                "You averaged each row, then the rows: a target in a row with much padding weighs "
                "more. Each target that counts should weigh the same."),
        Mistake("the log of a softmax", log_of_softmax,
                "The softmax of 0 beside 900 rounds to 0, and log 0 is −∞. log_softmax, and "
                "cross_entropy, never make the small number: they stay with logarithms."),
        Mistake("class 0 left out", zero_ignored,
                "You kept targets above 0, but 0 is a class like any other. What is left out is "
                "−100: targets != -100."),
    ),
    hints=(
        "functional.cross_entropy wants logits of shape (n, vocabulary) and targets of shape (n,). "
        "What is n here?",
        "flatten(0, 1) joins the first two axes. And cross_entropy has an argument ignore_index, "
        "whose default is worth knowing.",
        "functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)",
    ),
)  # fmt: skip
