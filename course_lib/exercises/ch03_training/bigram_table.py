"""Exercise: the simplest language model, counted: each token from the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def bigram_table(ids: Any, vocabulary: int, smoothing: float) -> np.ndarray:
    """Return row by row the smoothed probabilities of the token that follows."""
    table = _counted(ids, vocabulary) + smoothing
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield rows to count by hand, tokens never seen, then a drawn text."""
    yield Case("by hand", np.array([0, 1, 0, 1, 1]), 2, 1.0)
    yield Case("a token never seen", np.array([0, 2, 0, 2, 2, 0]), 4, 1.0)
    yield Case("little smoothing", np.array([0, 1, 2, 1, 0, 1]), 3, 0.1)
    yield Case("the last token has no next", np.array([1, 1, 2, 0]), 3, 0.5)
    yield Case("a drawn text", rng.integers(5, size=40) * rng.integers(2, size=40), 6, 0.3)


def _counted(ids: Any, vocabulary: int) -> Any:
    counts = np.zeros((vocabulary, vocabulary))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return counts


def by_columns(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Normalise columns."""
    table = _counted(ids, vocabulary) + smoothing
    return table / table.sum(axis=0, keepdims=True)


def joint(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Divide by the number of all pairs."""
    table = _counted(ids, vocabulary) + smoothing
    return table / table.sum()


def backwards(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Ask what comes before."""
    table = _counted(ids[::-1], vocabulary) + smoothing
    return table / table.sum(axis=1, keepdims=True)


def not_smoothed(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Leave the smoothing out."""
    table = _counted(ids, vocabulary)
    with np.errstate(all="ignore"):
        return table / table.sum(axis=1, keepdims=True)


def smoothed_above_alone(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Add to the counts and not to the totals."""
    table = _counted(ids, vocabulary)
    return (table + smoothing) / (table.sum(axis=1, keepdims=True) + smoothing)


def totals_of_tokens(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Divide by how often the token occurs, the last place included."""
    totals = np.bincount(ids, minlength=vocabulary)[:, None]
    return (_counted(ids, vocabulary) + smoothing) / (totals + smoothing * vocabulary)


def round_the_end(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Let the first token follow the last."""
    table = _counted(np.append(ids, ids[0]), vocabulary) + smoothing
    return table / table.sum(axis=1, keepdims=True)


def each_pair_once(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Add with an index, which counts a pair once."""
    counts = np.zeros((vocabulary, vocabulary))
    counts[ids[:-1], ids[1:]] += 1
    table = counts + smoothing
    return table / table.sum(axis=1, keepdims=True)


def only_the_zeros(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Smooth only what was never seen."""
    table = _counted(ids, vocabulary)
    table = np.where(table == 0, smoothing, table)
    return table / table.sum(axis=1, keepdims=True)


def axis_lost(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Sum the rows without keeping their axis."""
    table = _counted(ids, vocabulary) + smoothing
    return table / table.sum(axis=1)


def pair_by_pair(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Walk along the text."""
    table = np.full((vocabulary, vocabulary), float(smoothing))
    for first, second in zip(ids.tolist(), ids.tolist()[1:], strict=False):
        table[first, second] += 1
    for row in table:
        row /= row.sum()
    return table


def by_bincount(ids: Any, vocabulary: int, smoothing: float) -> Any:
    """Number the pairs and count the numbers."""
    numbers = ids[:-1] * vocabulary + ids[1:]
    table = np.bincount(numbers, minlength=vocabulary**2).reshape(vocabulary, vocabulary)
    return (table + smoothing) / (table.sum(axis=1)[:, None] + smoothing * vocabulary)


EXERCISE = Exercise(
    name="bigram_table",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch03_training.bigram_table:bigram_table",
    cases=cases,
    returns=ARRAY,
    alternatives=(by_bincount, pair_by_pair),
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("columns instead of rows", by_columns,
                "Each column sums to 1. Row a should: it holds the probabilities of what follows "
                "a, so divide by sums along axis 1."),
        Mistake("joint probabilities", joint,
                "The whole table sums to 1: the probability of a pair. Asked for is that of the "
                "second token *given* the first: divide each row by its own sum."),
        Mistake("backwards", backwards,
                "Row a tells what came before a. Count ids[:-1] as the row and ids[1:] as the "
                "column."),
        Mistake("not smoothed", not_smoothed,
                "A pair never seen has probability 0 and the loss ∞, and a token never seen 0 / 0. "
                "Add the smoothing to every count first."),
        Mistake("smoothing missing below", smoothed_above_alone,
                "Each row has got vocabulary × smoothing more above the line, so it must below it "
                "as well: add the smoothing first, then sum."),
        Mistake("totals of tokens", totals_of_tokens,
                "You divide by how often a token occurs. The last token of the text occurs once "
                "more than it is followed by anything: sum the row instead."),
        Mistake("round the end", round_the_end,
                "The first token of a text does not follow its last. There is one pair less than "
                "tokens."),
        Mistake("each pair once", each_pair_once,
                "counts[a, b] += 1 with arrays adds once for each *different* pair, however often "
                "it occurs. np.add.at, or bincount of a · vocabulary + b, counts all."),
        Mistake("only zeros smoothed", only_the_zeros,
                "You put the smoothing in place of zeros alone, so a pair seen once is worth as "
                "little as before beside it. Add it to *every* count."),
        Mistake("an axis lost", axis_lost,
                "Without keepdims the sums are one row, and NumPy divides column b by the sum of "
                "row b. keepdims=True, or sums[:, None]."),
    ),
    hints=(
        "How many pairs of neighbours has a text of five tokens? Write them down for 0 1 0 1 1.",
        "counts[a, b] is how often b follows a. Which sum makes row a a distribution, and when "
        "should the smoothing be added?",
        "np.add.at(counts, (ids[:-1], ids[1:]), 1); counts += smoothing; then divide by "
        "counts.sum(axis=1, keepdims=True).",
    ),
)  # fmt: skip
