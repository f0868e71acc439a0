import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics

SCORED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5, 1.0]), st.integers(0, 1)), min_size=2
).filter(lambda pairs: len({truth for _, truth in pairs}) == 2)


def columns(pairs):
    return np.array([score for score, _ in pairs]), np.array([truth for _, truth in pairs])


@given(SCORED)
def test_the_roc_curve_is_scikit_learns_ties_and_all(pairs):
    scores, truth = columns(pairs)
    curve = metrics.roc_curve(scores, truth)
    expected = oracle.roc_curve(truth, scores, drop_intermediate=False)
    assert np.allclose(curve.false_positive_rate, expected[0])
    assert np.allclose(curve.true_positive_rate, expected[1])
    assert np.array_equal(curve.thresholds, expected[2])


@given(SCORED)
def test_the_area_is_scikit_learns_and_the_definitions(pairs):
    scores, truth = columns(pairs)
    area = metrics.roc_auc(scores, truth)
    assert area == pytest.approx(oracle.roc_auc_score(truth, scores))
    assert area == pytest.approx(metrics.roc_auc_by_definition(scores, truth))


@given(SCORED, st.randoms())
def test_the_order_of_the_examples_does_not_matter(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert metrics.roc_auc(*columns(pairs)) == pytest.approx(metrics.roc_auc(*columns(shuffled)))
    assert metrics.average_precision(*columns(pairs)) == pytest.approx(
        metrics.average_precision(*columns(shuffled))
    )


@given(SCORED)
def test_the_precision_recall_curve_and_its_area_are_scikit_learns(pairs):
    scores, truth = columns(pairs)
    curve = metrics.precision_recall_curve(scores, truth)
    expected = oracle.precision_recall_curve(truth, scores)
    for got, wanted in zip(
        (curve.precision, curve.recall, curve.thresholds), expected, strict=True
    ):
        assert np.allclose(got, wanted)
    assert metrics.average_precision(scores, truth) == pytest.approx(
        oracle.average_precision_score(truth, scores)
    )


def test_equal_scores_pass_together_and_a_constant_score_is_worth_a_half():
    assert metrics.roc_auc([0.5] * 4, [1, 0, 1, 0]) == 0.5
    assert metrics.average_precision([0.5] * 4, [1, 0, 0, 0]) == 0.25


INF = float("inf")


@pytest.mark.parametrize("truth", [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 1, 1]])
@pytest.mark.parametrize("same", [INF, -INF])
def test_equal_infinite_scores_are_ties(truth, same):
    finite = 1e9 if same > 0 else -1e9
    scores, near = [same, same, 0.1, -2.0], [finite, finite, 0.1, -2.0]
    for metric in (metrics.roc_auc, metrics.roc_auc_by_definition, metrics.average_precision):
        assert metric(scores, truth) == metric(near, truth)
    assert metrics.roc_auc([same] * 4, truth) == 0.5
    assert metrics.roc_auc_by_definition([same] * 4, truth) == 0.5
    assert metrics.average_precision([same] * 4, truth) == 0.5


@pytest.mark.parametrize("kind", [np.uint8, np.bool_])
def test_scores_below_nought_never_come_of_unsigned_ones(kind):
    scores, truth = np.array([0, 1, 1, 0], kind), [1, 0, 1, 0]
    assert metrics.roc_auc_by_definition(scores, truth) == metrics.roc_auc(scores, truth) == 0.5


def test_scores_that_floats_would_merge_are_told_apart():
    assert metrics.roc_auc(np.array([2**60 + 1, 2**60]), [1, 0]) == 1.0


@pytest.mark.parametrize("metric", [metrics.roc_auc, metrics.average_precision, metrics.roc_curve])
@pytest.mark.parametrize(
    ("truth", "words"),
    [
        ([1, np.nan, 0, np.nan], "none missing"),
        ([1, None, 0, None], "none missing"),
        ([1.0, 0.7, 0.0, 0.2], "fractions"),
        ([2, 2, 1, 1], "name the positive class"),
        ([1, 0, -1, 1], "0 and 1"),
        ([1, 0, -100, 1], "0 and 1"),
        (["ham", "spam", "ham", "spam"], "name the positive class"),
    ],
)
def test_targets_that_are_not_two_known_classes_are_refused(metric, truth, words):
    with pytest.raises(InputError, match=words):
        metric([0.9, 0.8, 0.1, 0.2], truth)


def test_a_named_positive_class_may_be_any():
    scores = [0.9, 0.8, 0.1, 0.2]
    assert metrics.roc_auc(scores, [2, 2, 1, 1], positive=2) == 1.0
    assert metrics.roc_auc(scores, [2, 2, 1, 1], positive=1) == 0.0
    assert metrics.roc_auc(scores, [1, 1, -1, -1]) == 1.0
    assert metrics.roc_auc(scores, np.array(list("yynn"), dtype=object), positive="y") == 1.0


def test_the_area_over_classes_refuses_missing_targets():
    for truth in ([0, None], [0, 0.5], []):
        with pytest.raises((InputError, ShapeError)):
            metrics.roc_auc(np.eye(2), truth)


def test_the_area_over_classes_is_scikit_learns():
    rng = np.random.default_rng(3)
    scores = rng.dirichlet(np.ones(4), 80).round(2)
    scores /= scores.sum(axis=1, keepdims=True)
    truth = rng.integers(0, 4, 80)
    expected = oracle.roc_auc_score(truth, scores, multi_class="ovr")
    assert metrics.roc_auc(torch.tensor(scores), torch.tensor(truth)) == pytest.approx(expected)


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("tensors", [False, True])
def test_top_k_is_scikit_learns_ties_and_all(k, tensors):
    rng = np.random.default_rng(k)
    scores, truth = rng.integers(0, 3, (200, 4)) / 4, rng.integers(0, 4, 200)
    expected = oracle.top_k_accuracy_score(truth, scores, k=k, labels=range(4))
    pair = (torch.tensor(scores), torch.tensor(truth)) if tensors else (scores, truth)
    assert metrics.top_k_accuracy(*pair, k=k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "truth", "error", "words"),
    [
        ([0.1, np.nan], [0, 1], InputError, "NaN"),
        ([0.1, 0.2], [1, 1], InputError, "positive ones only"),
        ([0.1, 0.2], [0, 0], InputError, "name the positive class"),
        ([0.1], [0, 1], ShapeError, "as many"),
        ([], [], InputError, "at least one"),
        (["high", "low"], [0, 1], InputError, "numbers"),
    ],
)
def test_bad_scores_get_a_sentence(scores, truth, error, words):
    for metric in (metrics.roc_auc, metrics.average_precision, metrics.roc_curve):
        with pytest.raises(error, match=words):
            metric(scores, truth)


def test_top_k_refuses_what_it_cannot_rank():
    with pytest.raises(InputError, match="k"):
        metrics.top_k_accuracy([[0.1, 0.9]], [0], k=3)
    with pytest.raises(InputError, match="class indices"):
        metrics.top_k_accuracy([[0.1, 0.9]], [2], k=1)
    with pytest.raises(ShapeError):
        metrics.top_k_accuracy([0.1, 0.9], [1, 0], k=1)
