"""Skip-gram with negative sampling beside Gensim's compiled Word2Vec, on equal threads.

A training that diverged is fast, so the vectors of the very runs that were timed are judged too, by
three measures, each the mean over the runs (every run draws anew):

- *held-out neighbours*: words near each other in sentences that neither side has seen, against
  the same words shuffled; how often the true pair has the greater cosine (chance: 0.5);
- *analogies*: the share answered rightly of Mikolov's questions, few on so small a text;
- *nearest ten*: how many of a word's nearest ten both sides name, beside two runs of Gensim.

Words are counted as read, the rare and the thinned out among them. Gensim makes one short dot
product after another in C, in threads that write to shared vectors unlocked; ours are matrix
products over blocks of text that share their negatives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from gensim.models import Word2Vec

from benchmarks.harness import ROUNDS, Row, compare
from course_lib.data import wikipedia_articles, word_analogies
from course_lib.text import WordVectors, nearest, split_sentences, tokenize_words, train_skip_gram
from course_lib.text.vectors.cosine import unit_rows

PACKAGES = ("gensim", "torch")
DIMENSIONS, WINDOW, NEGATIVES, EPOCHS, LEAST, THREADS = 100, 5, 5, 5, 5, 2
COMMON = 100  # words too frequent to have telling neighbours
REACH = 3  # tokens, of the held-out pairs
WORST = 0.95  # of the peer's excess over chance: below, the timed training has failed

Sentences = list[list[str]]


def rows() -> Iterator[Row]:
    """Yield the speed, then the quality of the same runs."""
    sentences = _sentences()
    seen = [sentence for number, sentence in enumerate(sentences) if number % 10]
    ours, theirs = _Ours(seen), _Gensim(seen)
    judge = _Judge(sentences[::10])
    threads = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        yield compare(
            f"train {DIMENSIONS} dimensions, {THREADS} threads, beside Gensim",
            ours=ours.train,
            peer=theirs.train,
            work=EPOCHS * sum(map(len, seen)) / 1000,
            unit="k words/s",
            target=0.15,
            same=judge.equally_good,
        )
    finally:
        torch.set_num_threads(threads)
    yield from judge.rows(ours.runs, theirs.runs)


@dataclass
class _Ours:
    sentences: Sentences
    runs: list[WordVectors] = field(default_factory=list)

    def train(self) -> WordVectors:
        generator = torch.Generator().manual_seed(len(self.runs))
        vectors = train_skip_gram(
            self.sentences, DIMENSIONS, WINDOW, NEGATIVES, EPOCHS, LEAST,
            device="cpu", generator=generator,
        )  # fmt: skip
        self.runs.append(vectors)
        return vectors


@dataclass
class _Gensim:
    sentences: Sentences
    runs: list[WordVectors] = field(default_factory=list)

    def train(self) -> WordVectors:
        model = Word2Vec(
            self.sentences, sg=1, vector_size=DIMENSIONS, window=WINDOW, negative=NEGATIVES,
            epochs=EPOCHS, min_count=LEAST, workers=THREADS, seed=len(self.runs),
        )  # fmt: skip
        vectors = WordVectors(tuple(model.wv.index_to_key), model.wv.vectors)
        self.runs.append(vectors)
        return vectors


@dataclass
class _Judge:
    held_out: Sentences

    def equally_good(self, ours: WordVectors, theirs: WordVectors) -> bool:
        mine, other = self.neighbours_told(ours), self.neighbours_told(theirs)
        return mine - 0.5 >= WORST * (other - 0.5)

    def rows(self, ours: list[WordVectors], theirs: list[WordVectors]) -> Iterator[Row]:
        yield _row("held-out neighbours", *map(self._mean_told, (ours, theirs)), 0.98)
        yield _row("analogies", *map(_mean_analogies, (ours, theirs)), 0.9)
        mixed = np.mean([_overlap(*pair) for pair in zip(ours, theirs, strict=True)])
        alone = np.mean([_overlap(*pair) for pair in pairwise(theirs)])
        yield _row("nearest ten, with Gensim's", mixed, alone, 0.7)

    def neighbours_told(self, vectors: WordVectors) -> float:
        """Return how often a true pair has a greater cosine than the same words shuffled."""
        unit = unit_rows(vectors.matrix)
        one, other = self._pairs(vectors)
        rng = np.random.default_rng(0)
        shuffled = [rng.permutation(other) for _ in range(5)]
        true = (unit[one] * unit[other]).sum(1)
        return float(np.mean([true > (unit[one] * unit[chance]).sum(1) for chance in shuffled]))

    def _pairs(self, vectors: WordVectors) -> tuple[np.ndarray, np.ndarray]:
        places = {word: row for row, word in enumerate(vectors.words) if row >= COMMON}
        pairs: list[tuple[int, int]] = []
        for sentence in self.held_out:
            ids = [places[word] for word in sentence if word in places]
            for far in range(1, REACH + 1):
                pairs += zip(ids[:-far], ids[far:], strict=True)
        one, other = np.array(pairs).T
        return one[one != other], other[one != other]

    def _mean_told(self, runs: Sequence[WordVectors]) -> float:
        return float(np.mean([self.neighbours_told(vectors) for vectors in runs]))


def _row(name: str, ours: float, theirs: float, target: float) -> Row:
    ours, theirs = float(ours), float(theirs)
    return Row(name, ours, theirs, ours / theirs, None, target, "share", ROUNDS)


def _mean_analogies(runs: Sequence[WordVectors]) -> float:
    questions = [
        [word.lower() for word in question]
        for section in word_analogies().values()
        for question in section
    ]
    return float(np.mean([vectors.analogy_score(questions)[0] for vectors in runs]))


def _overlap(one: WordVectors, other: WordVectors, words: int = 1000, count: int = 10) -> float:
    asked = one.words[COMMON : COMMON + words]
    first, second = (_nearest_words(vectors, asked, count) for vectors in (one, other))
    shared = [len(mine & theirs) / count for mine, theirs in zip(first, second, strict=True)]
    return float(np.mean(shared))


def _nearest_words(vectors: WordVectors, words: Sequence[str], count: int) -> list[set[str]]:
    own = np.array([[vectors.id(word)] for word in words])
    ids, _ = nearest(vectors.matrix[own[:, 0]], vectors.matrix, count, excluded=own)
    return [{vectors.words[row] for row in line} for line in ids]


def _sentences() -> Sentences:
    cut = (
        [word.lower() for word in tokenize_words(sentence) if any(map(str.isalnum, word))]
        for article in wikipedia_articles()
        for sentence in split_sentences(article.text)
    )
    return [sentence for sentence in cut if sentence]
