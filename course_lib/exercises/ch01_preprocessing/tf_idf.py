"""Exercise: TF-IDF from counts, learnt on the training texts alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import ARRAY


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two texts first; then what divides by zero; then drawn counts, not square."""
    yield Case("by hand", np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 1.0]]))
    training = np.array([[1.0, 2.0, 0.0], [4.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    yield Case("a word in every text", training, np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 3.0]]))
    unseen = np.array([[1.0, 0.0, 2.0], [3.0, 0.0, 0.0]])
    yield Case("a word in no training text", unseen, np.array([[1.0, 1.0, 1.0]]))
    yield Case("as many texts as words", training, np.array([[0.0, 1.0, 2.0], [3.0, 1.0, 0.0],
                                                              [1.0, 1.0, 4.0]]))  # fmt: skip
    yield Case("a text without words", training, np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 1.0]]))
    held = rng.poisson(1.2, size=(5, 6)).astype(float)
    held[:, 0] += 1
    yield Case("drawn counts", rng.poisson(0.8, size=(7, 6)).astype(float), held)


def idf_of_the_other_texts(training: np.ndarray, counts: np.ndarray) -> Any:
    """Count the document frequencies in the texts to be weighed."""
    import numpy as np

    n, df = len(counts), (counts > 0).sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def words_counted_not_texts(training: np.ndarray, counts: np.ndarray) -> Any:
    """Sum the counts where the texts should be counted."""
    n, df = len(training), training.sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def another_logarithm(training: np.ndarray, counts: np.ndarray) -> Any:
    """Take the logarithm to the base of 10."""
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * (np.log10((1 + n) / (1 + df)) + 1)
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def unsmoothed(training: np.ndarray, counts: np.ndarray) -> Any:
    """Divide by the document frequency as it is."""
    n, df = len(training), (training > 0).sum(axis=0)
    with np.errstate(all="ignore"):
        weights = counts * (np.log(n / df) + 1)
        lengths = np.linalg.norm(weights, axis=1, keepdims=True)
        return weights / np.where(lengths == 0, 1, lengths)


def common_words_erased(training: np.ndarray, counts: np.ndarray) -> Any:
    """Leave out the 1 behind the logarithm."""
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * np.log((1 + n) / (1 + df))
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def not_scaled(training: np.ndarray, counts: np.ndarray) -> Any:
    """Leave the rows as long as they come."""
    import numpy as np

    n, df = len(training), (training > 0).sum(axis=0)
    return counts * (np.log((1 + n) / (1 + df)) + 1)


def scaled_by_the_sum(training: np.ndarray, counts: np.ndarray) -> Any:
    """Make each row sum to 1 in place of having length 1."""
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    sums = weights.sum(axis=1, keepdims=True)
    return weights / np.where(sums == 0, 1, sums)


def columns_scaled(training: np.ndarray, counts: np.ndarray) -> Any:
    """Give each column, and not each row, the length 1."""
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    lengths = np.linalg.norm(weights, axis=0, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def nothing_over_nothing(training: np.ndarray, counts: np.ndarray) -> Any:
    """Divide each row by its length, zero or not."""
    n, df = len(training), (training > 0).sum(axis=0)
    weights = counts * (np.log((1 + n) / (1 + df)) + 1)
    with np.errstate(all="ignore"):
        return weights / np.linalg.norm(weights, axis=1, keepdims=True)


def _scaled(counts: np.ndarray, idf: Any) -> Any:
    weights = counts * idf
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(lengths == 0, 1, lengths)


def idf_of_both(training: np.ndarray, counts: np.ndarray) -> Any:
    """Learn the idf from all texts together."""
    texts = np.vstack([training, counts])
    return _scaled(counts, np.log((1 + len(texts)) / (1 + (texts > 0).sum(axis=0))) + 1)


def smoothed_at_nought_only(training: np.ndarray, counts: np.ndarray) -> Any:
    """Put 1 in place of a document frequency of 0, and leave the others."""
    return _scaled(counts, np.log(len(training) / np.maximum((training > 0).sum(axis=0), 1)) + 1)


def smoothed_below_only(training: np.ndarray, counts: np.ndarray) -> Any:
    """Add 1 to the document frequency and not to the number of texts."""
    return _scaled(counts, np.log(len(training) / (1 + (training > 0).sum(axis=0))) + 1)


def log_of_one_more(training: np.ndarray, counts: np.ndarray) -> Any:
    """Take log1p of the ratio in place of log + 1."""
    return _scaled(counts, np.log1p((1 + len(training)) / (1 + (training > 0).sum(axis=0))))


def norm_without_an_axis(training: np.ndarray, counts: np.ndarray) -> Any:
    """Take one length for all rows together."""
    weights = counts * (np.log((1 + len(training)) / (1 + (training > 0).sum(axis=0))) + 1)
    return weights / (np.linalg.norm(weights) or 1)


def axis_not_kept(training: np.ndarray, counts: np.ndarray) -> Any:
    """Divide by a flat row of lengths."""
    weights = counts * (np.log((1 + len(training)) / (1 + (training > 0).sum(axis=0))) + 1)
    lengths = np.linalg.norm(weights, axis=1)
    return weights / np.where(lengths == 0, 1, lengths)


def presence_only(training: np.ndarray, counts: np.ndarray) -> Any:
    """Ask whether a word occurs, not how often."""
    idf = np.log((1 + len(training)) / (1 + (training > 0).sum(axis=0))) + 1
    return _scaled((counts > 0).astype(float), idf)


def by_loops(training: np.ndarray, counts: np.ndarray) -> Any:
    """Go from text to text, and from word to word."""
    n, width = training.shape
    df = [sum(1 for row in training if row[j] > 0) for j in range(width)]
    idf = [math.log((1 + n) / (1 + df[j])) + 1 for j in range(width)]
    result = np.zeros(counts.shape)
    for i, row in enumerate(counts):
        weights = [float(row[j]) * idf[j] for j in range(width)]
        length = math.sqrt(sum(weight**2 for weight in weights))
        result[i] = [weight / length for weight in weights] if length else 0.0
    return result


def by_scikit_learn_scaling(training: np.ndarray, counts: np.ndarray) -> Any:
    """Subtract logarithms, and let scikit-learn scale the rows."""
    from sklearn.preprocessing import normalize

    df = np.count_nonzero(training, axis=0)
    return normalize(counts * (1 + np.log1p(len(training)) - np.log1p(df)))


EXERCISE = Exercise(
    name="tf_idf",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.text.vectors.bag_of_words:tf_idf",
    cases=cases,
    compare=close(),
    returns=ARRAY,
    alternatives=(by_loops, by_scikit_learn_scaling),
    not_by=(
        "course_lib.text:tf_idf", "course_lib.text.vectors.bag_of_words:tf_idf",
        "course_lib.text:TfIdf", "sklearn.feature_extraction.text:TfidfTransformer",
        "sklearn.feature_extraction.text:TfidfVectorizer",
    ),
    mistakes=(
        Mistake("idf from the other texts", idf_of_the_other_texts,
                "The document frequencies were counted in the texts to be weighed. They belong "
                "to what was learnt: count them in training, and use them for every text "
                "afterwards."),
        Mistake("words counted, not texts", words_counted_not_texts,
                "df is the number of texts that hold the word, once each. You added up how often "
                "the word comes: use (training > 0).sum(axis=0)."),
        Mistake("another logarithm", another_logarithm,
                "log10 gives smaller numbers than the natural logarithm, and the + 1 behind it "
                "does not shrink along. The formula's ln is np.log."),
        Mistake("idf not smoothed", unsmoothed,
                "A word that no training text holds has df = 0, and n / 0 is infinite. Add 1 "
                "above and below: (1 + n) / (1 + df)."),
        Mistake("common words erased", common_words_erased,
                "A word in every text got the weight ln(1) = 0, as if it were not there. The + 1 "
                "behind the logarithm keeps it."),
        Mistake("rows not scaled", not_scaled,
                "The rows were not scaled, so a long text has a long vector. Divide each row by "
                "its length, the root of the sum of squares."),
        Mistake("scaled by the sum", scaled_by_the_sum,
                "Each row sums to 1. Its *length* should be 1: divide by the root of the sum of "
                "squares, np.linalg.norm."),
        Mistake("columns scaled", columns_scaled,
                "The columns were scaled, so one text's numbers depend on the other texts. A "
                "text is a row: take the norm along axis 1, and keep that axis."),
        Mistake("nothing over nothing", nothing_over_nothing,
                "A text without words has the length 0, and 0 / 0 is nan. Leave its row at zero: "
                "divide by 1 there."),
        Mistake("idf from both sets", idf_of_both,
                "The idf was learnt from the training texts and the new ones together. On the day "
                "a new text comes, its weights must not depend on its company: training alone."),
        Mistake("smoothing at zero only", smoothed_at_nought_only,
                "Only a df of 0 was mended. The formula adds 1 above and below for every word, "
                "as if one more text held them all: (1 + n) / (1 + df)."),
        Mistake("smoothing below only", smoothed_below_only,
                "1 was added to df and not to n, so a word in every text weighs less than 1. Add "
                "it above and below: (1 + n) / (1 + df)."),
        Mistake("log1p in place of log + 1", log_of_one_more,
                "log1p(x) is log(1 + x). The formula has the 1 behind the logarithm: log(x) + 1."),
        Mistake("norm without an axis", norm_without_an_axis,
                "np.linalg.norm without an axis is one number for the whole array, so a row's "
                "length depends on the others. Each row needs its own: axis=1."),
        Mistake("keepdims missing", axis_not_kept,
                "The lengths are a flat row, and division lays a flat row along the words. Keep "
                "the axis, keepdims=True, so that there is one length for each text."),
        Mistake("presence, not counts", presence_only,
                "Each word that occurs was counted once. The counts themselves are weighed; only "
                "df asks whether a word occurs."),
    ),
    hints=(
        "Take the first case. In how many of the training texts does each word occur? Which of "
        "the two words tells more?",
        "training > 0 is an array of truth values. Along which axis must you add them up to get a "
        "number for each word?",
        "n, df = len(training), (training > 0).sum(axis=0); weights = counts * (np.log((1 + n) / "
        "(1 + df)) + 1); then divide by the norm of each row, or by 1 where that is 0.",
    ),
)  # fmt: skip
