"""Chapter 04, tried by answers that nobody listed: right ones made otherwise, and wrong ones."""

from math import comb

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics as oracle
from sklearn.preprocessing import StandardScaler

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch04_evaluation import secret_digits


def verdict(name, answer, seed=0, by_hand=False):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case, by_hand), seed=seed)


def passes(name, answer, seed=0):
    return verdict(name, answer, seed).passed


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


def threshold_by_scikit_learn(scores, targets):
    cuts = np.unique(scores)[::-1]
    f1s = [oracle.f1_score(targets, scores >= cut, zero_division=0) for cut in cuts]
    return cuts[np.argmax(f1s)]


def evaluated_like_a_module(model, batches):
    model = model.train(False)
    predictions = np.concatenate([model(inputs) for inputs, _ in batches])
    targets = np.concatenate([targets for _, targets in batches])
    return oracle.f1_score(targets, predictions, zero_division=0.0)


def scaled(train, test):
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def digits_by_cleaned_labels(train, labels, test):
    from sklearn.linear_model import LogisticRegression

    distance = ((train[:, None] - train[None]) ** 2).sum(axis=2)
    neighbours = np.eye(10)[labels[np.argsort(distance, axis=1)[:, :8]]].sum(axis=1)
    trusted = neighbours[np.arange(len(labels)), labels] >= 3
    if trusted.sum() < 10:
        trusted[:] = True
    model = LogisticRegression(C=1.0, max_iter=500).fit(train[trusted], labels[trusted])
    told = np.full((len(test), 10), 0.005)
    told[:, model.classes_] += model.predict_proba(test)
    return told / told.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("confusion_counts", counted),
        ("macro_f1", lambda counts: oracle.f1_score(*labels_of(counts), average="macro")),
        ("roc_area", lambda scores, targets: oracle.roc_auc_score(targets, scores)),
        ("shared_shingles", shingled),
        ("mcnemar_p", mcnemar),
        ("best_threshold", threshold_by_scikit_learn),
        ("scaled_by_train", scaled),
        ("evaluate", evaluated_like_a_module),
        ("constant_scores", lambda: (0.9, 0.5, 9 / 19, 0)),
    ],
)
@pytest.mark.parametrize("seed", range(8))
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


def cut_through_reversed_ties(scores, targets):
    order = np.argsort(scores, kind="stable")[::-1]
    hits, predicted = np.cumsum(targets[order]), np.arange(1, len(scores) + 1)
    return scores[order][np.argmax(2 * hits / (predicted + targets.sum()))]


def scaled_in_place(train, test):
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1
    for side in (train, test):
        side -= mean
        side /= deviation
    return train, test


def holm_as_a_list(p_values):
    return find("holm").reference_object()(p_values).tolist()


def bootstrap_as_a_list(predictions, targets, chosen):
    return find("bootstrap_f1").reference_object()(predictions, targets, chosen).tolist()


NAMED = [
    ("scaled_by_train", scaled_in_place, "a changed argument"),
    ("holm", holm_as_a_list, "another type"),
    ("confusion_counts", lambda p, t, k: counted(p, t, k).astype("uint8"), "eight-bit counts"),
    ("roc_area", lambda s, t: max(a := oracle.roc_auc_score(t, s), 1 - a), "never below one half"),
    ("shared_shingles", lambda a, b, n: shingled(a.lower(), b.lower(), n), "capitals ignored"),
    ("holm", lambda p: np.sort(find("holm").reference_object()(p))[np.argsort(p, kind="stable")],
     "adjusted[order] puts back"),
    ("scaled_by_train", lambda a, b: tuple(
        (x - a.mean(0)) / np.where(a.std(0) == 0, 1, a.std(0, ddof=1)) for x in (a, b)), "ddof=1"),
    ("calibration_error", lambda p, t, n: np.mean(np.abs(p.max(1) - (p.argmax(1) == t))),
     "a gap for each example"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "belief"), NAMED, ids=lambda part: str(part)[:20])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_belief_is_rejected_and_named(name, answer, belief, seed):
    found = verdict(name, answer, seed)
    assert (found.passed, found.named) == (False, belief)


@pytest.mark.parametrize("seed", range(4))
def test_neither_a_sum_through_ties_nor_a_list_of_scores_passes(seed):
    assert not passes("best_threshold", cut_through_reversed_ties, seed)
    assert not passes("bootstrap_f1", bootstrap_as_a_list, seed)


def in_numpy_integers(first, second):
    only = [(first & ~second).sum(), (~first & second).sum()]
    with np.errstate(all="ignore"):
        tail = sum(comb(sum(only), k) for k in range(min(only) + 1)) / 2 ** sum(only)
    return min(1.0, 2 * tail)


def test_mcnemar_by_numbers_that_run_over_fails_where_they_do():
    aspects = dict(verdict("mcnemar_p", in_numpy_integers).aspects)
    assert aspects["by hand"]
    assert not aspects["sixty-four disagreements"]
    assert not aspects["thousands of disagreements"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("roc_area", lambda scores, targets: oracle.roc_auc_score(targets, scores)),
        ("mcnemar_p", mcnemar),
        ("scaled_by_train", scaled),
        ("macro_f1", lambda counts: oracle.f1_score(*labels_of(counts), average="macro")),
    ],
)
def test_a_library_call_that_is_the_answer_is_refused(name, answer):
    assert verdict(name, answer, by_hand=True).named == "not by hand"


def public_digits():
    from course_lib.data import digits

    images, labels, _ = digits()
    return images.reshape(len(images), -1).astype(float), labels


def looked_up(known, asked):
    """Return the public labels of the nearest public digits."""
    nearest = ((asked[:, None] - known[None]) ** 2).sum(axis=2).argmin(axis=1)
    return public_digits()[1][nearest]


def by_points(images):
    centred = images - images.mean(axis=1, keepdims=True)
    return secret_digits.of_one_length(centred)


def by_sorted_points(images):
    return np.sort(by_points(images), axis=1)


def by_components(images):
    centred = images - images.mean(axis=0)
    told = centred @ np.linalg.svd(centred, full_matrices=False)[2][:12].T
    return told * np.sign((told**3).mean(axis=0)) / told.std(axis=0)


@pytest.mark.parametrize("described", [by_points, by_sorted_points, by_components])
@pytest.mark.parametrize("sure", [0.3, 0.999])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_looking_the_digits_up_in_public_data_stays_below_the_lowest_bar(described, sure, seed):
    known = described(public_digits()[0])

    def answer(train, labels, test):
        if len(train) < 10:
            return find("sure_digits").reference_object()(train, labels, test)
        found = looked_up(known, described(np.concatenate([train, test])))[len(train) :]
        return np.where(np.eye(10)[found] > 0, sure, (1 - sure) / 9)

    aspects = dict(verdict("sure_digits", answer, seed).aspects)
    assert aspects["probabilities"]
    assert not aspects["beats equal shares"]


def test_what_enters_the_worker_holds_neither_the_judged_labels_nor_the_draw():
    _, held_out, _ = find("sure_digits").draw(5)
    assert [part.shape for part in held_out.arguments] == [(150, 64), (150,), (300, 64)]
    assert held_out.keywords == held_out.settings == {}
