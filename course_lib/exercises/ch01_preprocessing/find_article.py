"""Challenge: which article does a passage come from, when its paragraph was not to be seen?

Scored by the share of held-out passages found, against two baselines that are computed on the same
passages: cosine similarity of plain counts, and plain TF-IDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch01_preprocessing.held_out_passages import (
    ARTICLES,
    HeldOut,
    held_out,
    share_found,
    words,
)
from course_lib.exercises.challenge import Challenge
from course_lib.exercises.returned import SEQUENCE_OR_ARRAY
from course_lib.text.vectors.bag_of_words import TfIdf, count_vectors

Texts = list[str]

SMALL = (
    ["The cat and the dog by the house at the sea.", "A ship on the sea.", "Salt and bread."],
    ["a ship or the SEA", "bread", "dog or house"],
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three sentences first; then held-out passages, once for each bar to pass."""
    yield Case("three short texts", *SMALL)
    drawn = held_out(int(rng.integers(2**31)))
    case = Case("", drawn.articles, drawn.passages).judged_by(labels=drawn.truth)
    for bar, limit in limits(drawn).items():
        yield case.also(f"beats {bar}", bar=bar, limit=limit)


def find_article(articles: Texts, passages: Texts) -> list[int]:
    """Return, for each passage, the number of the article that it most likely comes from.

    TF-IDF with logarithmic counts, learnt on the articles; the nearest article by cosine. (In a
    long article the counts of its common words are large, and of its hundredth *the* says little.)
    """
    counts, other = _counts(articles, passages)
    weights = TfIdf.fit(counts, sublinear=True)
    return _nearest(weights.transform(counts), weights.transform(other))


def plain_tf_idf(articles: Texts, passages: Texts) -> list[int]:
    """Find articles by TF-IDF as it stands in the exercise."""
    counts, other = _counts(articles, passages)
    weights = TfIdf.fit(counts)
    return _nearest(weights.transform(counts), weights.transform(other))


def plain_counts(articles: Texts, passages: Texts) -> list[int]:
    """Find articles by the cosine similarity of their counts."""
    counts, other = _counts(articles, passages)
    even = TfIdf(np.ones(counts.shape[1]))
    return _nearest(even.transform(counts), even.transform(other))


def dot_products(articles: Texts, passages: Texts) -> list[int]:
    """Find articles by how often they hold the passage's words."""
    return _nearest(*_counts(articles, passages))


def idf_of_the_passages(articles: Texts, passages: Texts) -> list[int]:
    """Learn the idf from the passages."""
    counts, other = _counts(articles, passages)
    weights = TfIdf.fit(other)
    return _nearest(weights.transform(counts), weights.transform(other))


def farthest(articles: Texts, passages: Texts) -> list[int]:
    """Sort by similarity and take the first, which is the smallest."""
    counts, other = _counts(articles, passages)
    weights = TfIdf.fit(counts, sublinear=True)
    similarity = (weights.transform(other) @ weights.transform(counts).T).toarray()
    return [int(np.argsort(row, kind="stable")[0]) for row in similarity]


def always_the_first(articles: Texts, passages: Texts) -> list[int]:
    """Answer the same each time."""
    return [0] * len(passages)


def by_words_in_common(articles: Texts, passages: Texts) -> list[int]:
    """Add up how rare the words are that passage and article have in common, and shrink by length.

    (This is BM25, with its usual settings.)
    """
    counts, other = (table.toarray() for table in _counts(articles, passages))
    lengths = counts.sum(axis=1, keepdims=True)
    held = (counts > 0).sum(axis=0)
    idf = np.log(1 + (len(counts) - held + 0.5) / (held + 0.5))
    shrunk = counts * 2.2 / (counts + 1.2 * (0.25 + 0.75 * lengths / lengths.mean()))
    best: list[int] = (other @ (shrunk * idf).T).argmax(axis=1).tolist()
    return best


def limits(drawn: HeldOut) -> dict[str, float]:
    """Return each bar with the share that it finds."""
    found = {"guessing": 2 / ARTICLES}  # twice the mean of it: luck does not reach that far
    for name, baseline in BASELINES.items():
        found[name] = float(share_found(baseline(drawn.articles, drawn.passages), drawn.truth))
    return found


BASELINES = {"plain counting": plain_counts, "plain TF-IDF": plain_tf_idf}


def _counts(articles: Texts, passages: Texts) -> tuple[Any, Any]:
    return _counted(tuple(articles), tuple(passages))


@lru_cache(maxsize=8)
def _counted(articles: tuple[str, ...], passages: tuple[str, ...]) -> tuple[Any, Any]:
    cut, other = [words(text) for text in articles], [words(text) for text in passages]
    ids = {word: number for number, word in enumerate(sorted({w for text in cut for w in text}))}
    return count_vectors(cut, ids), count_vectors(other, ids)


def _nearest(articles: Any, passages: Any) -> list[int]:
    nearest: Sequence[int] = (passages @ articles.T).toarray().argmax(axis=1).tolist()
    return list(nearest)


EXERCISE = Exercise(
    name="find_article",
    points=4,
    difficulty=4,
    minutes=30,
    kind="challenge",
    reference="course_lib.exercises.ch01_preprocessing.find_article:find_article",
    cases=cases,
    challenge=Challenge(
        lambda got, truth: share_found(got, truth["labels"]), "{:.1%} of the passages found"
    ),
    returns=SEQUENCE_OR_ARRAY,
    alternatives=(by_words_in_common,),
    mistakes=(
        Mistake("dot products of counts", dot_products,
                "You count how often an article holds the passage's words, so the longest article "
                "wins nearly always. Scale each row to length 1: cosine similarity."),
        Mistake("counts alone", plain_counts,
                "With plain counts, two texts are alike when they both say *the* and *of*. Weigh "
                "the words by idf, so that rare ones decide."),
        Mistake("TF-IDF as it was", plain_tf_idf,
                "This is the baseline itself. In a long article the counts of common words are so "
                "large that idf does not make up for them. What if the tenth mention of a word "
                "counted less than the first?"),
        Mistake("idf from the passages", idf_of_the_passages,
                "The idf was learnt from the passages that you are asked about. At that time you "
                "would not have them: learn it from the articles."),
        Mistake("the least similar", farthest,
                "You sorted by similarity and took the first, which is the *least* similar. Take "
                "the last, or argmax."),
        Mistake("always the same article", always_the_first,
                "Every passage gets article 0. The answer should depend on the passage."),
    ),
    hints=(
        "Your notebook has already found an article for a query. Which steps lead from texts to "
        "the most similar row?",
        "In an article of 2,500 words, how large is the count of *the*, how large that of a rare "
        "word? Which function shrinks large numbers more than small ones?",
        "Put 1 + np.log(count) in place of each count that is not 0, then tf_idf, then cosine "
        "similarity, then argmax along the articles. scikit-learn calls it sublinear_tf=True.",
    ),
)  # fmt: skip
