import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle
from sklearn.calibration import calibration_curve

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics

SEEDS = st.integers(0, 10_000)


def drawn(seed, classes=3, count=30):
    rng = np.random.default_rng(seed)
    table = rng.dirichlet(np.full(classes, 0.3), count)
    return table, np.r_[np.arange(classes), rng.integers(0, classes, count - classes)]


@given(SEEDS)
def test_log_loss_and_brier_are_scikit_learns(seed):
    table, truth = drawn(seed)
    assert metrics.log_loss(table, truth) == pytest.approx(oracle.log_loss(truth, table))
    assert metrics.brier(table, truth) == pytest.approx(oracle.brier_score_loss(truth, table))


@given(SEEDS)
def test_one_column_is_the_probability_of_class_one(seed):
    table, truth = drawn(seed, classes=2)
    one = table[:, 1]
    assert metrics.log_loss(one, truth) == pytest.approx(oracle.log_loss(truth, one))
    assert metrics.brier(one, truth) == pytest.approx(oracle.brier_score_loss(truth, one))
    assert metrics.brier(one, truth) == pytest.approx(metrics.brier(table, truth))


def test_a_sure_error_costs_much_and_not_infinitely():
    assert metrics.log_loss([1.0], [0]) == pytest.approx(36.04, abs=0.01)
    assert metrics.brier([1.0], [0]) == 1.0


@given(SEEDS, st.integers(1, 12))
def test_the_reliability_of_two_classes_is_scikit_learns(seed, bins):
    table, truth = drawn(seed, classes=2)
    scores = table[:, 1].round(1)  # on the edges of the bins
    right, confidence = calibration_curve(truth, scores, n_bins=bins)
    ours = metrics.reliability(scores, truth, bins).filled
    assert np.allclose(ours[0], confidence)
    assert np.allclose(ours[1], right)


def test_the_calibration_error_by_hand():
    table = [[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.05, 0.95]]
    # confidences 0.9, 0.9, 0.6, 0.95; right: yes, no, yes, yes
    expected = (abs(0.9 * 2 - 1) + abs(0.6 - 1) + abs(0.95 - 1)) / 4
    assert metrics.calibration_error(table, [0, 1, 1, 1]) == pytest.approx(expected)
    assert metrics.reliability(table, [0, 1, 1, 1]).largest_error == pytest.approx(0.4)


@given(SEEDS)
def test_bins_add_over_batches(seed):
    table, truth = drawn(seed)
    whole = metrics.reliability(table, truth)
    parts = metrics.reliability(table[:7], truth[:7]) + metrics.reliability(table[7:], truth[7:])
    assert parts.error == pytest.approx(whole.error)
    assert 0 <= whole.error <= whole.largest_error <= 1


def test_a_model_that_means_what_it_says_has_a_small_error():
    rng = np.random.default_rng(0)
    scores = rng.random(20_000)
    truth = (rng.random(20_000) < scores).astype(int)
    assert metrics.calibration_error(scores, truth) < 0.02
    edges = metrics.equal_counts(scores, 8)
    counts = metrics.reliability(scores, truth, edges).counts
    assert counts.max() - counts.min() <= 2


def test_tensors_of_half_precision_serve_too():
    table = torch.tensor([[0.75, 0.25], [0.25, 0.75]], dtype=torch.bfloat16)
    assert metrics.brier(table, torch.tensor([0, 1])) == pytest.approx(0.0625)


@pytest.mark.parametrize(
    ("table", "truth", "error", "words"),
    [
        ([[0.2, 0.2]], [0], InputError, "sum to 1"),
        ([[1.5, -0.5]], [0], InputError, "softmax"),
        ([[0.5, np.nan]], [0], InputError, "NaN"),
        ([[0.5, 0.5]], [2], InputError, "class indices"),
        ([[0.5, 0.5]], ["a"], InputError, "class indices"),
        ([[0.5, 0.5]], [0, 1], ShapeError, "classes"),
        (np.zeros((0, 2)), np.zeros(0, int), InputError, "none"),
    ],
)
def test_bad_probabilities_get_a_sentence(table, truth, error, words):
    for metric in (metrics.log_loss, metrics.brier, metrics.calibration_error):
        with pytest.raises(error, match=words):
            metric(table, truth)


def test_bins_that_do_not_cover_everything_are_refused():
    with pytest.raises(InputError, match="rising edges"):
        metrics.reliability([0.5], [1], bins=[0.0, 0.5])
    with pytest.raises(InputError, match="other bins"):
        metrics.reliability([0.5], [1], 5) + metrics.reliability([0.5], [1], 4)
