"""Exercise: the perplexity of a held-out set from the mean losses of its batches."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import PYTHON_NUMBER


def perplexity_of_batches(losses: list[float], counts: list[int]) -> float:
    """Return e to the mean loss of all targets."""
    total = sum(loss * count for loss, count in zip(losses, counts, strict=True) if count)
    return math.exp(total / sum(counts))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one batch, equal ones, unequal ones, and one that counts nothing."""
    yield Case("one batch", [math.log(50)], [8])
    yield Case("equal batches", [1.0, 3.0], [10, 10])
    yield Case("unequal batches", [1.0, 3.0], [30, 10])
    yield Case("a batch of padding alone", [2.0, math.nan, 1.0], [4, 0, 12])
    losses = rng.uniform(1, 5, size=6).round(3).tolist()
    yield Case("drawn batches", losses, rng.integers(1, 60, size=6).tolist())


def mean_of_exponentials(losses: list[float], counts: list[int]) -> float:
    """Average the batches' perplexities."""
    import math

    pairs = [(loss, n) for loss, n in zip(losses, counts, strict=True) if n]
    return sum(math.exp(loss) * n for loss, n in pairs) / sum(counts)


def unweighted(losses: list[float], counts: list[int]) -> float:
    """Let each batch weigh the same."""
    import math

    kept = [loss for loss, n in zip(losses, counts, strict=True) if n]
    return math.exp(sum(kept) / len(kept))


def base_two(losses: list[float], counts: list[int]) -> float:
    """Raise 2 to a loss in nats."""
    total = sum(loss * n for loss, n in zip(losses, counts, strict=True) if n)
    return float(2 ** (total / sum(counts)))


def no_exponential(losses: list[float], counts: list[int]) -> float:
    """Return the mean loss."""
    return sum(loss * n for loss, n in zip(losses, counts, strict=True) if n) / sum(counts)


def spoilt_by_nan(losses: list[float], counts: list[int]) -> float:
    """Multiply nan by 0."""
    import math

    total = sum(loss * n for loss, n in zip(losses, counts, strict=True))
    return math.exp(total / sum(counts))


def last_batch(losses: list[float], counts: list[int]) -> float:
    """Report the last batch."""
    import math

    return math.exp(losses[-1])


def by_numpy(losses: list[float], counts: list[int]) -> float:
    """Weigh with NumPy, without what counts nothing."""
    used = np.array(counts) > 0
    return float(np.exp(np.average(np.array(losses)[used], weights=np.array(counts)[used])))


def by_product(losses: list[float], counts: list[int]) -> float:
    """Multiply the roots of the batches' perplexities."""
    whole, found = sum(counts), 1.0
    for loss, count in zip(losses, counts, strict=True):
        found *= math.exp(loss) ** (count / whole) if count else 1.0
    return found


EXERCISE = Exercise(
    name="perplexity_of_batches",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.exercises.ch03_training.perplexity_of_batches:perplexity_of_batches",
    cases=cases,
    returns=PYTHON_NUMBER,
    alternatives=(by_numpy, by_product),
    not_by=("course_lib.evaluation.metrics:perplexity",
            "course_lib.evaluation.metrics.language:perplexity"),
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("the mean of exponentials", mean_of_exponentials,
                "You averaged perplexities. The mean of exponentials is larger than the "
                "exponential of the mean: average the losses, then take exp once."),
        Mistake("every batch weighs the same", unweighted,
                "The last batch of a set is often short, and its tokens would weigh more than "
                "others. Multiply each mean by its count, and divide by all counts together."),
        Mistake("two to the nats", base_two,
                "The losses are in nats, made with the natural logarithm, so e is the base to "
                "raise."),
        Mistake("no exponential", no_exponential,
                "This is the mean loss. The perplexity is e to it."),
        Mistake("spoilt by nan", spoilt_by_nan,
                "A batch without targets has the mean 0 / 0 = nan, and 0 · nan is still nan. Leave "
                "out batches whose count is 0."),
        Mistake("the last batch", last_batch,
                "losses[-1] is one batch, by chance a good or a bad one. The report is on all of "
                "them."),
    ),
    hints=(
        "From a batch's mean loss and its count, how do you get its summed loss?",
        "Add up the sums and the counts, divide once, and only then use math.exp. What should a "
        "batch with count 0 add?",
        "total = sum(loss * n for loss, n in zip(losses, counts) if n > 0); then "
        "math.exp(total / sum(counts)).",
    ),
)  # fmt: skip
