"""Exercise: the causal mask, also for queries that come after a cache of keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import BOOLEAN_TENSOR


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield squares, then more keys than queries."""
    yield Case("one token", 1, 1)
    yield Case("a square", 3, 3)
    size = int(rng.integers(4, 8))
    yield Case("a square", size, size)
    yield Case("one query after a cache", 1, 4)
    yield Case("several queries after a cache", 2, 5)
    queries = int(rng.integers(2, 5))
    yield Case("several queries after a cache", queries, queries + int(rng.integers(1, 6)))


def future_seen(queries: int, keys: int) -> Any:
    """Keep the upper triangle."""
    return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries)


def itself_hidden(queries: int, keys: int) -> Any:
    """Leave out the own place."""
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries - 1)


def one_ahead(queries: int, keys: int) -> Any:
    """See the next token as well."""
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries + 1)


def aligned_left(queries: int, keys: int) -> Any:
    """Let the queries be the first places."""
    return torch.ones(queries, keys, dtype=torch.bool).tril()


def hidden_instead(queries: int, keys: int) -> Any:
    """Say True where nothing may be seen."""
    return ~torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)


def keys_by_queries(queries: int, keys: int) -> Any:
    """Put the keys into the rows."""
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries).T


def ones_and_zeros(queries: int, keys: int) -> Any:
    """Return numbers in place of booleans."""
    return torch.ones(queries, keys).tril(keys - queries)


def to_be_added(queries: int, keys: int) -> Any:
    """Return 0 and −∞, to be added to the scores."""
    return torch.full((queries, keys), -math.inf).triu(keys - queries + 1)


def by_comparison(queries: int, keys: int) -> Any:
    """Compare the places of queries and keys."""
    return torch.arange(keys) <= torch.arange(keys - queries, keys)[:, None]


def row_by_row(queries: int, keys: int) -> Any:
    """Write each row as a list."""
    before = keys - queries
    rows = [[key <= before + query for key in range(keys)] for query in range(queries)]
    return torch.tensor(rows)


EXERCISE = Exercise(
    name="causal_mask",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.models.blocks.masks:causal_mask",
    cases=cases,
    returns=BOOLEAN_TENSOR,
    alternatives=(by_comparison, row_by_row),
    not_by=(
        "torch.nn:Transformer.generate_square_subsequent_mask",
        "torch.nn.attention.bias:causal_lower_right", "torch.nn.attention.bias:CausalBias",
        "course_lib.models:causal_mask", "course_lib.models.blocks.masks:causal_mask",
    ),
    mistakes=(
        Mistake("the future is seen", future_seen,
                "Each query sees what comes *after* it. Rows are queries: row i may see the "
                "columns up to its own place, the lower triangle."),
        Mistake("itself hidden", itself_hidden,
                "A query cannot see its own place, and the first one sees nothing at all. A token "
                "may look at itself: it is known when the next one is predicted."),
        Mistake("one place ahead", one_ahead,
                "Each query sees one place too far: the very token that it is to predict. The "
                "loss would be wonderful, and the model worth nothing."),
        Mistake("aligned to the left", aligned_left,
                "With a cache the queries are the *last* places of the text, so the last query "
                "sees every key. Move the diagonal by keys − queries."),
        Mistake("True for hidden", hidden_instead,
                "Here True means *may be seen*, as in scaled_dot_product_attention. "
                "(nn.Transformer means the opposite, and that has cost many people a day.)"),
        Mistake("keys by queries", keys_by_queries,
                "The mask stands beside the scores (queries, keys): a row for each query."),
        Mistake("numbers, not booleans", ones_and_zeros,
                "These are numbers, 1 and 0. `~` and `&`, which the cells below use, and "
                "masked_fill need booleans: torch.ones(…, dtype=torch.bool), or a comparison."),
        Mistake("a mask to add", to_be_added,
                "0 and −∞ are a mask that is *added* to the scores, as nn.Transformer makes it. "
                "Asked for are booleans: True where a query may look."),
    ),
    hints=(
        "Four tokens: which keys may the second query see? Which the fourth?",
        "torch.ones(..., dtype=torch.bool).tril(diagonal) keeps the lower triangle, and diagonal "
        "moves it to the right. How far for 2 queries and 5 keys?",
        "torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)",
    ),
)  # fmt: skip
