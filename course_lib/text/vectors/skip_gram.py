"""Train skip-gram with negative sampling: word vectors from the company that words keep.

As in word2vec: frequent words are thinned out first; each centre draws how far it reaches; the
negatives come from the counts to the power of 0.75; the learning rate falls to nought in a straight
line. It differs in one thing, how the work is laid out: ``negative_sampling`` says how and why.
Measured beside Gensim in ``benchmarks/skip_gram.py``, at equal quality.

Source: Mikolov et al., *Distributed Representations of Words and Phrases and their
Compositionality*, https://arxiv.org/abs/1310.4546
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import pad

from course_lib.errors import InputError
from course_lib.gpu import choose_device
from course_lib.text.vectors.context_pairs import within_reach
from course_lib.text.vectors.negative_sampling import Blocks, block_loss, descend
from course_lib.text.vectors.numbered_text import Corpus, read_corpus
from course_lib.text.vectors.word_vectors import WordVectors

OnLoss = Callable[[float, float], None]
"""Called now and then with the share of the work done, and the mean loss of a pair."""

EXPONENT = 0.75  # of the counts, for negatives: Mikolov et al. 2013, section 2.2
# How a step is laid out; all measured on the Wikipedia excerpt.
CENTRES = 32  # tokens in a block
DRAWN = 32  # negatives that a block shares; more cost time and gained no quality
BLOCKS = 32  # in a step at most: from twice as many on, quality fell
REPEATS = 16  # of one word among a step's centres: a small vocabulary takes smaller steps
FURTHEST = 3.2  # learning rate × pairs of one word in a step: at 6.4, small texts diverged
STRETCH = 2**20  # tokens held on the device at a time
REPORTS = 100


def train_skip_gram(
    sentences: Iterable[Sequence[str]],
    dimensions: int = 100,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    min_count: int = 5,
    learning_rate: float = 0.025,
    sample: float = 1e-3,
    device: str | torch.device | None = None,
    generator: torch.Generator | None = None,
    progress: OnLoss | None = None,
) -> WordVectors:
    """Return a vector for each word that comes ``min_count`` times or more, most frequent first.

    ``sample`` is the frequency from which on words are thinned out (0: none is). All is drawn on
    the CPU, from ``generator``, so that every device learns from the same pairs; without one, each
    call draws the same. Raises ``InputError`` for settings that make no sense, sentences not cut
    into words, and a training that diverged.

    >>> sentences = [["a", "cup", "of", "tea"], ["a", "cup", "of", "coffee"], ["hard", "work"]]
    >>> vectors = train_skip_gram(sentences * 30, dimensions=8, epochs=20, sample=0.0)
    >>> vectors.most_similar("tea", count=1)[0][0]
    'coffee'
    """
    _check(dimensions, window, negatives, epochs, learning_rate)
    corpus = read_corpus(sentences, min_count)
    random, where = generator or torch.Generator(), choose_device(device)
    size = (len(corpus.words), dimensions)
    vectors = ((torch.rand(size, generator=random) - 0.5) / dimensions).to(where)
    context_vectors = torch.zeros(size, device=where)
    reported = 0
    for done, blocks in _steps(corpus, window, epochs, sample, where, random):
        rate = learning_rate * (1 - done)
        if progress and int(done * REPORTS) >= reported:
            reported = int(done * REPORTS) + 1
            loss = block_loss(vectors, context_vectors, blocks, negatives)
            progress(done, float(loss / blocks.near.sum().clamp(min=1)))
        descend(vectors, context_vectors, blocks, negatives, rate, FURTHEST / rate)
    return WordVectors(corpus.words, vectors.cpu().numpy())


def keep_probability(
    counts: Int[np.ndarray, " word"], sample: float = 1e-3
) -> Float[np.ndarray, " word"]:
    """Return how likely each token of a word is to be kept, given the words' counts.

    With the frequency f, √(sample / f) + sample / f: word2vec's code and Gensim's, which is a
    little milder than the paper's √(sample / f).

    >>> keep_probability(np.array([900, 99, 1]), sample=0.01).round(3).tolist()
    [0.117, 0.419, 1.0]
    """
    if not sample:
        return np.ones(len(counts))
    ratio = sample * counts.sum() / counts
    return np.asarray(np.minimum(1.0, np.sqrt(ratio) + ratio))


def _check(dimensions: int, window: int, negatives: int, epochs: int, learning_rate: float) -> None:
    sizes = {"dimensions": dimensions, "window": window, "negatives": negatives, "epochs": epochs}
    for name, size in sizes.items():
        if size < 1:
            raise InputError(name, expected="at least 1", got=size)
    if learning_rate <= 0:
        raise InputError("the learning rate", expected="more than 0", got=learning_rate)


def _steps(
    corpus: Corpus,
    window: int,
    epochs: int,
    sample: float,
    device: torch.device,
    random: torch.Generator,
) -> Iterator[tuple[float, Blocks]]:
    keep = torch.from_numpy(keep_probability(corpus.counts, sample)).float()
    noise = torch.from_numpy(np.cumsum(corpus.counts**EXPONENT))
    blocks_in_a_step = _blocks_in_a_step(corpus.counts, keep.numpy())
    layout = _Layout(window, blocks_in_a_step, noise, device, random)
    starts = range(0, len(corpus.ids), STRETCH)
    for number in range(epochs * len(starts)):
        start = starts[number % len(starts)]
        ids = torch.from_numpy(corpus.ids[start : start + STRETCH]).long()
        sentences = torch.from_numpy(corpus.sentences[start : start + STRETCH])
        kept = torch.rand(len(ids), generator=random) < keep[ids]
        for share, blocks in layout.steps(ids[kept], sentences[kept]):
            yield (number + share) / (epochs * len(starts)), blocks


def _blocks_in_a_step(counts: np.ndarray, keep: np.ndarray) -> int:
    left = counts * keep
    most_frequent = float(left.max() / left.sum())
    return int(np.clip(REPEATS / (CENTRES * most_frequent), 1, BLOCKS))


@dataclass(frozen=True, eq=False)
class _Layout:
    """How a stretch of text is cut into blocks, some from all over it for each step."""

    window: int
    blocks: int
    noise: Tensor
    device: torch.device
    random: torch.Generator

    def steps(self, ids: Tensor, sentences: Tensor) -> Iterator[tuple[float, Blocks]]:
        count = -(-len(ids) // CENTRES)
        size = (count, CENTRES)
        reach = torch.randint(1, self.window + 1, size, generator=self.random).to(self.device)
        drawn = self._draw(count).to(self.device)
        order = torch.randperm(count, generator=self.random).to(self.device)
        words = self._overlapping(ids, count, empty=0)
        places = self._overlapping(sentences, count, empty=-1)
        for start in range(0, count, self.blocks):
            some = order[start : start + self.blocks]
            contexts = words[some]
            near = within_reach(places[some], reach[some], self.window).float()
            centres = contexts[:, self.window : self.window + CENTRES]
            yield start / count, Blocks(centres, contexts, drawn[some], near)

    def _overlapping(self, row: Tensor, count: int, empty: int) -> Tensor:
        """Return a view of ``row``: a line for each block, with its surroundings."""
        margins = (self.window, self.window + count * CENTRES - len(row))
        padded = pad(row.to(self.device), margins, value=empty)
        return padded.unfold(0, CENTRES + 2 * self.window, CENTRES)

    def _draw(self, count: int) -> Tensor:
        """Draw words as often as the steps of ``noise``, their summed weights, are high."""
        size = (count, DRAWN)
        heights = torch.rand(size, generator=self.random, dtype=torch.float64) * self.noise[-1]
        return torch.searchsorted(self.noise, heights, right=True).clamp_(max=len(self.noise) - 1)
