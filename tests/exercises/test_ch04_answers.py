"""Chapter 04, tried by answers that nobody listed: right ones made otherwise, and wrong ones."""

from math import comb

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics as oracle

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome


def passes(name, answer, seed=0):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case), seed=seed).passed


def labels_of(counts):
    size = len(counts)
    true = np.repeat(np.arange(size), counts.sum(axis=1))
    called = np.concatenate([np.repeat(np.arange(size), row) for row in counts])
    return true, called


def counted(predictions, targets, classes):
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (targets, predictions), 1)
    return counts


def mcnemar(first, second):
    only = int((first & ~second).sum()), int((~first & second).sum())
    return binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0


def shingled(first, second, size):
    one, other = (
        {"".join(run) for run in zip(*(text[k:] for k in range(size)), strict=False)}
        for text in (first, second)
    )
    return len(one & other) / max(len(one | other), 1)


def digits_by_cleaned_labels(train, labels, test):
    from sklearn.linear_model import LogisticRegression

    distance = ((train[:, None] - train[None]) ** 2).sum(axis=2)
    neighbours = np.eye(10)[labels[np.argsort(distance, axis=1)[:, :8]]].sum(axis=1)
    trusted = neighbours[np.arange(len(labels)), labels] >= 3
    if trusted.sum() < 10:
        trusted[:] = True
    model = LogisticRegression(C=1.0, max_iter=500).fit(train[trusted] / 16, labels[trusted])
    told = np.full((len(test), 10), 0.005)
    told[:, model.classes_] += model.predict_proba(test / 16)
    return told / told.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("confusion_counts", counted),
        ("macro_f1", lambda counts: oracle.f1_score(*labels_of(counts), average="macro")),
        ("roc_area", lambda scores, targets: oracle.roc_auc_score(targets, scores)),
        ("shared_shingles", shingled),
        ("mcnemar_p", mcnemar),
        ("constant_scores", lambda: (0.9, 0.5, 9 / 19, 0)),
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_right_answer_of_another_make_passes(name, answer, seed):
    assert passes(name, answer, seed)


def half_of_ties_to_the_positive(scores, targets):
    return oracle.roc_auc_score(targets, scores + 1e-9 * np.asarray(targets))


WRONG = [
    ("confusion_counts", lambda p, t, k: counted(p, t, k).astype(bool)),
    ("confusion_counts", lambda p, t, k: counted(p, t, k) + counted(t, p, k)),
    ("confusion_counts", lambda p, t, k: counted(p, t, k)[::-1]),
    ("macro_f1", lambda c: np.median(2 * c.diagonal() / (c.sum(0) + c.sum(1)))),
    ("macro_f1", lambda c: np.mean(c.diagonal() / (c.sum(0) + c.sum(1) - c.diagonal()))),
    ("macro_f1", lambda c: (2 * c.diagonal() / (c.sum(0) + c.sum(1)))[-1]),
    ("roc_area", half_of_ties_to_the_positive),
    ("roc_area", lambda s, t: oracle.average_precision_score(t, s)),
    ("roc_area", lambda s, t: max(oracle.roc_auc_score(t, s), 0.5)),
    ("best_threshold", lambda s, t: float(np.median(s))),
    ("best_threshold", lambda s, t: float(s[t == 1].max())),
    ("scaled_by_train", lambda a, b: tuple((x - a.min(0)) / np.ptp(a, 0).clip(1) for x in (a, b))),
    ("shared_shingles", lambda a, b, n: float(a == b)),
    ("shared_shingles", lambda a, b, n: shingled(a, b, 2)),
    ("shared_shingles", lambda a, b, n: shingled(a.lower(), b.lower(), n + 1)),
    ("split_by_group", lambda g, o, s: [name == o[0] for name in g]),
    ("split_by_group", lambda g, o, s: [True] * len(g)),
    ("bootstrap_f1", lambda p, t, c: 2 * (p[c] & t[c]).sum(1) / (2 * c.shape[1])),
    ("mcnemar_p", lambda a, b: 1.0 if (a == b).all() else comb(4, 2) / 16),
    ("mcnemar_p", lambda a, b: abs(a.mean() - b.mean())),
    ("holm", lambda p: np.asarray(p) / len(p)),
    ("calibration_error", lambda p, t, n: np.mean((p.max(1) - (p.argmax(1) == t)) ** 2)),
    ("calibration_error", lambda p, t, n: np.mean(np.abs(p.max(1) - (p.argmax(1) == t)))),
    ("nested_order", lambda: list("DFAGCHBEI")),
    ("sure_digits", lambda train, labels, test: np.full((len(test), 10), 0.1)),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_that_nobody_listed_is_rejected(name, answer, seed):
    assert not passes(name, answer, seed)


def test_the_challenge_can_be_met_in_another_way():
    assert passes("sure_digits", digits_by_cleaned_labels)
