"""BLEU: how many runs of one to four words of a translation stand in its reference too.

Count the n-grams that match, each at most as often as the reference has it (*clipping*), over the
whole corpus; take the geometric mean of the four precisions; and multiply by the *brevity penalty*
exp(1 − r / c) where the c words of all translations are fewer than the r of the references.
From: Papineni and others, *BLEU: a method for automatic evaluation of machine translation*, 2002,
https://aclanthology.org/P02-1040. Tokens and smoothing as in Post, *A call for clarity in reporting
BLEU scores*, 2018, https://arxiv.org/abs/1804.08771: the numbers are those of sacrebleu.

BLEU is a formula of sums over sentences, and not a mean over them: ``bleu_counts`` gives what is
summed, so that batches, processes and bootstrap samples add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from course_lib.errors import InputError
from course_lib.evaluation.metrics.language import check_texts
from course_lib.evaluation.metrics.translation_tokens import tokenizer_called

ORDER = 4
SMOOTHINGS = ("exp", "floor", "add-k", "none")
FLOOR, ADDED = 0.1, 1.0  # what sacrebleu takes for "floor" and "add-k"
References = Sequence[str] | Sequence[Sequence[str]]
Tokenize = str | Callable[[str], list[str]]


def bleu(
    predictions: Sequence[str],
    references: References,
    tokenize: Tokenize = "13a",
    smoothing: str = "exp",
) -> float:
    """Return the corpus BLEU, from 0 to 100.

    ``references`` has one text, or a list of texts, for each prediction. ``tokenize`` is "13a" for
    Western languages, "zh" for Chinese, "char", "none" (spaces), or a function. Raises
    ``ShapeError`` for unequal lengths, ``InputError`` for none or for an unknown name.

    >>> round(bleu(["the cat sat on a mat"], ["the cat sat on the mat"]), 2)
    53.73
    >>> round(bleu(["我喜欢学习语言"], ["我喜欢学习语言模型"], tokenize="zh"), 2)
    75.15
    """
    return float(bleu_of(bleu_counts(predictions, references, tokenize).sum(axis=0), smoothing))


def sentence_bleu(
    prediction: str, references: str | Sequence[str], tokenize: Tokenize = "13a"
) -> float:
    """Return the BLEU of one sentence, without the orders that it is too short for.

    >>> sentence_bleu("good morning", "good morning")
    100.0
    """
    counts = bleu_counts([prediction], [references], tokenize)[0]
    return float(bleu_of(counts, "exp", short=True))


def bleu_counts(
    predictions: Sequence[str], references: References, tokenize: Tokenize = "13a"
) -> Int[np.ndarray, "sentence count"]:
    """Return of each sentence: its words, its reference's, then matches and n-grams for n = 1 … 4.

    Of several references the n-gram's highest count holds, and the length nearest to the
    prediction's.

    >>> bleu_counts(["the the cat"], ["the cat"])[0].tolist()
    [3, 2, 2, 1, 0, 0, 3, 2, 1, 0]
    """
    check_texts(predictions, references)
    cut = tokenizer_called(tokenize) if isinstance(tokenize, str) else tokenize
    rows = []
    for prediction, wanted in zip(predictions, references, strict=True):
        texts = [wanted] if isinstance(wanted, str) else wanted
        if not len(texts):
            raise InputError("the references of a prediction", expected="at least one", got="none")
        rows.append(_row(cut(prediction), [cut(text) for text in texts]))
    return np.array(rows, np.int64)


def bleu_of(
    counts: Any, smoothing: str = "exp", short: bool = False
) -> Float[np.ndarray, ...] | np.float64:
    """Return the BLEU of summed counts (…, 10), as from ``bleu_counts``.

    Where an order has no match, "exp" counts it as ½, ¼, … of one match, "floor" as 0.1 of one,
    "add-k" adds one to matches and n-grams from n = 2, "none" gives 0. ``short`` leaves out the
    orders for which there are no n-grams.

    >>> round(float(bleu_of([6, 6, 5, 3, 2, 1, 6, 5, 4, 3])), 2)
    53.73
    """
    if smoothing not in SMOOTHINGS:
        raise InputError("the smoothing", expected=" or ".join(SMOOTHINGS), got=repr(smoothing))
    sums = np.asarray(counts, float)
    length, wanted = sums[..., 0], sums[..., 1]
    matches, total = sums[..., 2 : 2 + ORDER].copy(), sums[..., 2 + ORDER :].copy()
    any_match = matches.any(axis=-1)
    if smoothing == "add-k":
        matches[..., 1:] += ADDED
        total[..., 1:] += ADDED
    reached = np.logical_and.accumulate(total > 0, axis=-1)  # shorter texts end at their order
    missed = reached & (matches == 0)
    if smoothing == "exp":
        matches = np.where(missed, 0.5 ** np.cumsum(missed, axis=-1), matches)
    elif smoothing == "floor":
        matches = np.where(missed, FLOOR, matches)
    there = reached & (matches > 0)
    logs = np.log(np.where(there, matches / np.where(there, total, 1.0), 1.0))
    orders = reached.sum(axis=-1) if short else np.full(length.shape, ORDER)
    complete = any_match & (there.sum(axis=-1) >= orders)
    penalty = np.exp(np.minimum(0.0, 1 - wanted / np.maximum(length, 1)))
    score = 100 * penalty * np.exp(logs.sum(axis=-1) / np.maximum(orders, 1))
    return np.where(complete, score, 0.0)


def _row(words: list[str], references: list[list[str]]) -> list[int]:
    most: Counter[tuple[str, ...]] = Counter()
    for reference in references:
        most |= _ngrams(reference)
    matches, total = [0] * ORDER, [max(len(words) - n, 0) for n in range(ORDER)]
    for ngram, count in _ngrams(words).items():
        matches[len(ngram) - 1] += min(count, most[ngram])
    nearest = min((len(one) for one in references), key=lambda n: (abs(n - len(words)), n))
    return [len(words), nearest, *matches, *total]


def _ngrams(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(words[start : start + n])
        for n in range(1, ORDER + 1)
        for start in range(len(words) - n + 1)
    )
