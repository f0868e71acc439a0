"""Exercise: count the parameters of a GPT-2 on paper."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import PYTHON_NUMBER


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield no block, one block, then real shapes."""
    yield Case("no block", 10, 4, 0, 2)
    yield Case("one block", 10, 4, 1, 2)
    yield Case("GPT-2 small", 50_257, 1024, 12, 768)
    sizes = (int(rng.integers(100, 999)), int(rng.integers(8, 99)), int(rng.integers(2, 9)))
    yield Case("another shape", *sizes, 2 * int(rng.integers(2, 40)))


def _count(vocabulary: int, context: int, layers: int, width: int, *, bias: int = 1) -> int:
    block = 12 * width**2 + bias * 9 * width + 4 * width
    return vocabulary * width + context * width + layers * block + 2 * width


def head_again(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Count the head beside the embedding that it shares."""
    return _count(vocabulary, context, layers, width) + vocabulary * width


def no_biases(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Forget the biases of the four matrices and of the norms."""
    norms = (2 * layers + 1) * width
    return vocabulary * width + context * width + layers * 12 * width**2 + norms


def no_norms(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Forget all norms."""
    return _count(vocabulary, context, layers, width) - (2 * layers + 1) * 2 * width


def no_final_norm(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Forget the norm after the last block."""
    return _count(vocabulary, context, layers, width) - 2 * width


def no_positions(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Forget the table of positions."""
    return _count(vocabulary, context, layers, width) - context * width


def hidden_as_wide(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Take the feed-forward layer to be as wide as the model."""
    block = 4 * width**2 + 4 * width + 2 * width**2 + 2 * width + 4 * width
    return vocabulary * width + context * width + layers * block + 2 * width


def head_with_bias(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Give the head a bias."""
    return _count(vocabulary, context, layers, width) + vocabulary


def closed_formula(vocabulary: int, context: int, layers: int, width: int) -> int:
    """Add up all blocks at once."""
    return (vocabulary + context + 2 + layers * (12 * width + 13)) * width


def shape_by_shape(vocabulary: int, context: int, layers: int, width: int) -> int:
    """List every matrix and vector, and multiply out its shape."""
    norm = [(width,), (width,)]
    maps = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)]
    block = [*norm, *norm, *maps, *((out,) for _, out in maps)]
    shapes = [(vocabulary, width), (context, width), *layers * block, *norm]
    return sum(math.prod(shape) for shape in shapes)


EXERCISE = Exercise(
    name="gpt2_parameters",
    points=2,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch02_transformers.references:gpt2_parameters",
    cases=cases,
    returns=PYTHON_NUMBER,
    alternatives=(closed_formula, shape_by_shape),
    not_by=(
        "course_lib.models:count_parameters", "course_lib.models.language.cost:count_parameters",
        "course_lib.models.language.gpt:GPT.count_parameters",
    ),
    mistakes=(
        Mistake("the head counted again", head_again,
                "The head is the embedding's own matrix (*tied*): one parameter in "
                "both places, no copy, so count it once."),
        Mistake("biases forgotten", no_biases,
                "A matrix of m × n comes with n biases, and a LayerNorm with a weight *and* a "
                "bias: (m + 1) · n, and 2 · width."),
        Mistake("norms forgotten", no_norms,
                "Two norms a block and one at the end, each 2 · width."),
        Mistake("last norm forgotten", no_final_norm,
                "One more norm stands after the last block: 2 · width."),
        Mistake("positions forgotten", no_positions,
                "GPT-2 learns a vector for each position: context · width."),
        Mistake("hidden as wide as the model", hidden_as_wide,
                "The feed-forward layer is four times as wide inside: width → 4 · width → width."),
        Mistake("a bias for the head", head_with_bias,
                "The head is the token table alone. GPT-2 gives it no bias: vocabulary numbers too "
                "many."),
    ),
    hints=(
        "List the parts: two tables, the blocks, what stands after them. What is in a block?",
        "A block: two norms; width → 3 · width and width → width for attention; width → 4 · width "
        "→ width. A layer from m to n has (m + 1) · n parameters.",
        "12 · width² + 13 · width for a block, and vocabulary · width + context · width + 2 · "
        "width beside them.",
    ),
)  # fmt: skip
