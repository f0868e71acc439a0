"""Scores of a million labels: one confusion matrix, against scikit-learn's three calls.

The peer reads, sorts and checks the labels anew for each score. Ours names the cell of each label
once, and counts. The limit is a single read of both arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.harness import Row, compare

PACKAGES = ("scikit-learn", "sacrebleu", "rouge-score", "numpy")
LABELS, CLASSES = 10**6, 10
SENTENCES = 400


def rows() -> Iterator[Row]:
    """Yield the comparisons."""
    from sklearn import metrics as peer

    from course_lib.evaluation import metrics

    predictions, targets = labels()

    def one_matrix() -> tuple[float, ...]:
        matrix = metrics.confusion_matrix(predictions, targets)
        return matrix.accuracy(), matrix.recall(), matrix.f1()

    def three_calls() -> tuple[float, ...]:
        return tuple(
            score(predictions, targets) for score in (metrics.accuracy, metrics.recall, metrics.f1)
        )

    def sklearn() -> tuple[float, ...]:
        return (
            peer.accuracy_score(targets, predictions),
            peer.recall_score(targets, predictions, average="macro"),
            peer.f1_score(targets, predictions, average="macro"),
        )

    work: dict[str, Any] = {"work": LABELS / 1e6, "unit": "M labels/s", "same": near}
    name = "accuracy, recall and F1 of 10⁶ labels"
    yield compare(f"{name}, one matrix", ours=one_matrix, peer=sklearn, target=50.0, **work)
    yield compare(f"{name}, three calls", ours=three_calls, peer=sklearn, target=30.0, **work)
    yield from ranking(work)
    yield from texts()


def ranking(work: dict[str, Any]) -> Iterator[Row]:
    """Yield the area under the ROC curve, with many ties."""
    from sklearn import metrics as peer

    from course_lib.evaluation import metrics

    rng = np.random.default_rng(1)
    scores, truth = rng.random(LABELS).round(3), rng.integers(0, 2, LABELS)
    yield compare(
        "ROC area of 10⁶ scores",
        ours=lambda: (metrics.roc_auc(scores, truth),),
        peer=lambda: (peer.roc_auc_score(truth, scores),),
        target=1.0, **work,
    )  # fmt: skip


def texts() -> Iterator[Row]:
    """Yield BLEU, chrF and ROUGE-L of a few hundred sentences."""
    import sacrebleu
    from rouge_score.rouge_scorer import RougeScorer

    from course_lib.evaluation import metrics

    predictions, references = sentences()
    work: dict[str, Any] = {"work": SENTENCES / 1e3, "unit": "k sentences/s", "same": near}
    yield compare(
        "BLEU", ours=lambda: (metrics.bleu(predictions, references),),
        peer=lambda: (sacrebleu.corpus_bleu(predictions, [references]).score,), target=0.8, **work,
    )  # fmt: skip
    yield compare(
        "chrF", ours=lambda: (metrics.chrf(predictions, references),),
        peer=lambda: (sacrebleu.corpus_chrf(predictions, [references]).score,), target=0.8, **work,
    )  # fmt: skip
    scorer = RougeScorer(["rougeL"])

    def google() -> tuple[float, ...]:
        pairs = zip(references, predictions, strict=True)
        return (float(np.mean([scorer.score(*pair)["rougeL"].fmeasure for pair in pairs])),)

    yield compare(
        "ROUGE-L", ours=lambda: (metrics.rouge(predictions, references).f1,),
        peer=google, target=10.0, **work,
    )  # fmt: skip


def labels() -> tuple[np.ndarray, np.ndarray]:
    """Return predictions and targets, seven of ten equal."""
    rng = np.random.default_rng(0)
    targets, other = rng.integers(0, CLASSES, (2, LABELS))
    return np.where(rng.random(LABELS) < 0.7, targets, other), targets


def sentences() -> tuple[list[str], list[str]]:
    """Return texts of 30 words drawn by Zipf's law, and the same with every fifth word replaced."""
    rng = np.random.default_rng(2)
    words = np.array([f"w{number}" for number in range(5000)])
    chosen = rng.zipf(1.3, (SENTENCES, 30)) % len(words)
    changed = np.where(rng.random(chosen.shape) < 0.2, rng.integers(0, len(words), 30), chosen)
    return tuple([" ".join(row) for row in words[table]] for table in (changed, chosen))  # type: ignore[return-value]


def near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether all scores are equal, but for the last digits."""
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))
