"""Train GloVe: word vectors whose products explain how often words stand near each other.

Skip-gram passes over the text again and again; GloVe counts it once. For every two words seen near
each other x times, the product of their vectors and their two biases should give log x:

    ½ Σ f(x) (w·w̃ + b + b̃ − log x)²

Only cells that hold a count are visited, so log 0 never arises, and the weight f (see
``glove_weighting``) keeps the rare from adding noise and the frequent from drowning the rest. Each
number is moved by AdaGrad: its step is divided by the root of all its squared gradients so far.
Each word has two vectors, as a row and as a column of the table; the result is their sum.

Source: Pennington et al., *GloVe: Global Vectors for Word Representation*,
https://aclanthology.org/D14-1162
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.sparse import csr_array
from torch import Tensor

from course_lib.errors import InputError
from course_lib.gpu import choose_device
from course_lib.text.vectors.co_occurrence import count_co_occurrences
from course_lib.text.vectors.numbered_text import read_corpus
from course_lib.text.vectors.word_vectors import WordVectors

EXPONENT = 0.75  # as in the paper, section 3
CELLS = 4096  # in a step


def train_glove(
    sentences: Iterable[Sequence[str]],
    dimensions: int = 100,
    window: int = 10,
    x_max: float = 100.0,
    epochs: int = 25,
    min_count: int = 5,
    learning_rate: float = 0.05,
    device: str | torch.device | None = None,
    generator: torch.Generator | None = None,
    progress: Callable[[float, float], None] | None = None,
) -> WordVectors:
    """Return a vector for each word that comes ``min_count`` times or more, most frequent first.

    ``progress`` is called after each epoch with the share of the work done and the mean loss of a
    cell. Without a ``generator`` (on the CPU, whatever the device), each call draws the same.
    Raises ``InputError`` for settings that make no sense and sentences not cut into words.

    >>> sentences = [["a", "cup", "of", "tea"], ["a", "cup", "of", "coffee"], ["hard", "work"]]
    >>> vectors = train_glove(sentences * 30, dimensions=8, x_max=10.0)
    >>> cosines = dict(vectors.most_similar("tea", count=6))
    >>> cosines["coffee"] > cosines["work"]
    True
    """
    corpus = read_corpus(sentences, min_count)
    counts = count_co_occurrences(corpus, window)
    matrix = explain_counts(
        counts, dimensions, x_max, epochs, learning_rate, device, generator, progress
    )
    return WordVectors(corpus.words, matrix)


def explain_counts(
    counts: csr_array,
    dimensions: int = 100,
    x_max: float = 100.0,
    epochs: int = 25,
    learning_rate: float = 0.05,
    device: str | torch.device | None = None,
    generator: torch.Generator | None = None,
    progress: Callable[[float, float], None] | None = None,
) -> Float[np.ndarray, "word dim"]:
    """Return the vectors whose products best explain a table of counts.

    The settings are those of ``train_glove``. Raises ``InputError`` for a table without counts and
    for settings that make no sense.
    """
    _check(counts, dimensions, x_max, epochs, learning_rate)
    random = generator or torch.Generator()
    where = choose_device(device)
    rows, columns, values = (torch.from_numpy(part) for part in _cells(counts))
    model = start(counts.shape[0], dimensions, random, where)
    for epoch in range(epochs):
        loss = torch.zeros((), device=where)
        order = torch.randperm(len(values), generator=random)
        for first in range(0, len(values), CELLS):
            some = order[first : first + CELLS]
            i, j, x = (part[some].to(where) for part in (rows, columns, values))
            loss += step(model, i, j, x, x_max, learning_rate)
        if progress:
            progress((epoch + 1) / epochs, float(loss) / len(values))
    return (model.rows + model.columns)[:, :dimensions].cpu().numpy()


@dataclass(frozen=True, eq=False)
class Model:
    """Both vectors of each word, and the squared gradients that each of their numbers has seen.

    The last two numbers of a row are its bias and a 1, those of a column a 1 and its bias: so that
    a product of two whole vectors holds both biases, and each step moves them like the rest.
    """

    rows: Float[Tensor, "word wide"]
    columns: Float[Tensor, "word wide"]
    squares: tuple[Float[Tensor, "word wide"], Float[Tensor, "word wide"]]


def start(words: int, dimensions: int, random: torch.Generator, device: torch.device) -> Model:
    """Return vectors drawn small and even, as the authors' code draws them."""
    size = (2, words, dimensions + 2)
    rows, columns = ((torch.rand(size, generator=random) - 0.5) / dimensions).to(device)
    rows[:, -1], columns[:, -2] = 1, 1
    return Model(rows, columns, (torch.ones_like(rows), torch.ones_like(rows)))


@torch.no_grad()
def step(
    model: Model,
    rows: Int[Tensor, " cell"],
    columns: Int[Tensor, " cell"],
    counts: Float[Tensor, " cell"],
    x_max: float,
    learning_rate: float,
) -> Float[Tensor, ""]:
    """Move the vectors of some cells, in place, and return the loss that the cells had before."""
    w, u = model.rows.index_select(0, rows), model.columns.index_select(0, columns)
    error = (w * u).sum(-1) - counts.log()
    weight = (counts / x_max).clamp(max=1) ** EXPONENT
    pull = (weight * error)[:, None]
    dw, du = pull * u, pull * w
    dw[:, -1], du[:, -2] = 0, 0
    _move(model.rows, model.squares[0], rows, dw, learning_rate)
    _move(model.columns, model.squares[1], columns, du, learning_rate)
    return (weight * error**2).sum() / 2


def _move(matrix: Tensor, squares: Tensor, ids: Tensor, gradients: Tensor, rate: float) -> None:
    squares.index_add_(0, ids, gradients**2)
    matrix.index_add_(0, ids, gradients * squares.index_select(0, ids).rsqrt_(), alpha=-rate)


def _cells(counts: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = counts.tocoo()
    seen = table.data > 0
    rows, columns = (part[seen].astype(np.int64) for part in table.coords)
    return rows, columns, table.data[seen].astype(np.float32)


def _check(
    counts: csr_array, dimensions: int, x_max: float, epochs: int, learning_rate: float
) -> None:
    settings = {"x_max": x_max, "the learning rate": learning_rate}
    for name, size in {"dimensions": dimensions, "epochs": epochs}.items():
        if size < 1:
            raise InputError(name, expected="at least 1", got=size)
    for name, setting in settings.items():
        if setting <= 0:
            raise InputError(name, expected="more than 0", got=setting)
    if not (counts.data > 0).any():
        remedy = "are there sentences of two words or more?"
        raise InputError("the table", expected="a count above 0", got="none", remedy=remedy)
