import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics
from course_lib.evaluation.metrics import ConfusionMatrix, confusion_matrix

LABELS = st.one_of(
    st.integers(0, 3), st.integers(-2, 2), st.sampled_from([-(10**9), 5, 10**9]), st.booleans()
)
PAIRS = st.one_of(
    st.lists(st.tuples(LABELS, LABELS).map(lambda pair: tuple(map(int, pair))), min_size=1),
    st.lists(st.tuples(st.sampled_from("ab否"), st.sampled_from("ab否")), min_size=1),
)


def columns(pairs):
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_a_matrix_by_hand_has_targets_as_rows():
    matrix = confusion_matrix([0, 1, 1, 2], [0, 0, 1, 1])
    assert matrix.counts.tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 0]]
    assert matrix.support.tolist() == [2, 2, 0]
    assert matrix.predicted.tolist() == [1, 2, 1]


@given(PAIRS)
@pytest.mark.filterwarnings("ignore:A single label was found")
def test_the_matrix_is_scikit_learns(pairs):
    predictions, targets = columns(pairs)
    matrix = confusion_matrix(predictions, targets)
    assert matrix.classes.tolist() == sorted({*predictions, *targets})
    expected = oracle.confusion_matrix(targets, predictions, labels=matrix.classes)
    assert np.array_equal(matrix.counts, expected)


@given(PAIRS, st.sampled_from(["macro", "micro", "weighted", "none"]), st.sampled_from([0.0, 1.0]))
def test_precision_recall_and_f_are_scikit_learns(pairs, average, zero_division):
    predictions, targets = columns(pairs)
    how = {"average": None if average == "none" else average, "zero_division": zero_division}
    for ours, theirs in (
        (metrics.precision, oracle.precision_score),
        (metrics.recall, oracle.recall_score),
        (metrics.f1, oracle.f1_score),
    ):
        got = ours(predictions, targets, average, zero_division=zero_division)
        assert np.allclose(got, theirs(targets, predictions, **how), atol=1e-12)


@given(PAIRS, st.sampled_from([0.0, 0.5, 2.0]))
def test_f_beta_is_scikit_learns(pairs, beta):
    predictions, targets = columns(pairs)
    expected = oracle.fbeta_score(targets, predictions, beta=beta, average="macro", zero_division=0)
    assert metrics.f_beta(predictions, targets, beta) == pytest.approx(expected)


def test_undefined_scores_as_nan_are_left_out_of_the_average_as_in_scikit_learn():
    predictions, targets = [0, 0, 0, 2], [0, 0, 1, 0]
    for average in ("macro", "weighted"):
        expected = oracle.precision_score(
            targets, predictions, average=average, zero_division=np.nan
        )
        got = metrics.precision(predictions, targets, average, zero_division=np.nan)
        assert got == pytest.approx(expected)


@given(PAIRS)
@pytest.mark.filterwarnings("ignore:A single label was found")
def test_accuracy_and_matthews_are_scikit_learns(pairs):
    predictions, targets = columns(pairs)
    assert metrics.accuracy(predictions, targets) == oracle.accuracy_score(targets, predictions)
    expected = oracle.matthews_corrcoef(targets, predictions)
    assert metrics.matthews(predictions, targets) == pytest.approx(expected, abs=1e-12)


@given(PAIRS.filter(lambda pairs: len({x for pair in pairs for x in pair}) > 1))
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_kappa_is_scikit_learns(weights, pairs):
    predictions, targets = columns(pairs)
    expected = oracle.cohen_kappa_score(targets, predictions, weights=weights)
    assert metrics.kappa(predictions, targets, weights) == pytest.approx(expected, nan_ok=True)


@given(PAIRS)
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.filterwarnings("ignore:A single label was found")
def test_balanced_accuracy_is_scikit_learns(pairs):
    predictions, targets = columns(pairs)
    expected = oracle.balanced_accuracy_score(targets, predictions)
    assert metrics.balanced_accuracy(predictions, targets) == pytest.approx(expected)


@given(PAIRS, st.integers(1, 5))
def test_batches_and_processes_add_up_to_the_whole(pairs, size):
    predictions, targets = columns(pairs)
    whole = confusion_matrix(predictions, targets)
    parts = [
        ConfusionMatrix(whole.classes).update(
            predictions[start : start + size], targets[start : start + size]
        )
        for start in range(0, len(pairs), size)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    assert np.array_equal(total.counts, whole.counts)
    assert total.f1() == whole.f1()


def test_the_mean_of_batch_scores_is_another_number():
    first, second = ([0, 1, 0], [0, 1, 1]), ([0], [1])
    batches = [metrics.f1(*first), metrics.f1(*second)]
    assert np.mean(batches) != pytest.approx(metrics.f1([0, 1, 0, 0], [0, 1, 1, 1]))


@given(PAIRS.filter(lambda pairs: not isinstance(pairs[0][0], str)))
def test_tensors_give_what_lists_give(pairs):
    predictions, targets = columns(pairs)
    tensors = torch.tensor(predictions), torch.tensor(targets)
    assert metrics.f1(*tensors) == metrics.f1(predictions, targets)
    assert metrics.accuracy(*tensors) == metrics.accuracy(predictions, targets)


def test_counting_on_a_device_is_counting():
    from course_lib.evaluation.metrics.confusion import _counted_there

    rng = np.random.default_rng(1)
    predictions, targets = rng.integers(-1, 4, (2, 500))
    counts = _counted_there(torch.tensor(predictions), torch.tensor(targets), 5, -1)
    assert np.array_equal(counts, confusion_matrix(predictions, targets).counts)


@pytest.mark.gpu
@pytest.mark.skipif(
    not (torch.cuda.is_available() or torch.backends.mps.is_available()), reason="no accelerator"
)
def test_labels_on_an_accelerator_stay_there():
    device = "cuda" if torch.cuda.is_available() else "mps"
    rng = np.random.default_rng(1)
    predictions, targets = rng.integers(0, 4, (2, 5000))
    there = [torch.tensor(labels, device=device) for labels in (predictions, targets)]
    assert metrics.f1(*there) == metrics.f1(predictions, targets)
    matrix = ConfusionMatrix(4).update(*there)
    assert np.array_equal(matrix.counts, confusion_matrix(predictions, targets).counts)
    with pytest.raises(InputError):
        ConfusionMatrix(3).update(*there)


def test_long_inputs_in_narrow_types_are_counted_whole():
    rng = np.random.default_rng(0)
    predictions, targets = rng.integers(0, 200, (2, 200_000)).astype(np.uint8)
    expected = oracle.confusion_matrix(targets, predictions)
    assert np.array_equal(confusion_matrix(predictions, targets).counts, expected)


def test_binary_needs_its_positive_class():
    assert metrics.precision([1, 1, 0], [1, 0, 0], average="binary") == 0.5
    assert metrics.recall(
        ["y", "n", "y"], ["n", "n", "y"], average="binary", positive="n"
    ) == pytest.approx(0.5)
    with pytest.raises(InputError, match="positive class"):
        metrics.f1(["a", "b"], ["a", "b"], average="binary")
    with pytest.raises(InputError, match="positive class"):
        metrics.f1([0, 1, 2], [0, 1, 2], average="binary")


@pytest.mark.filterwarnings("ignore:.*ill-defined")
def test_binary_scores_without_a_positive_example_are_scikit_learns():
    for ours, theirs in (
        (metrics.precision, oracle.precision_score),
        (metrics.recall, oracle.recall_score),
        (metrics.f1, oracle.f1_score),
    ):
        assert ours([0, 0], [0, 0], "binary") == theirs([0, 0], [0, 0]) == 0.0
        assert ours([0, 0], [0, 0], "binary", zero_division=1.0) == 1.0
        assert ours(["n"], ["n"], "binary", positive="y") == 0.0
        with pytest.raises(InputError, match="positive class"):
            ours(["n"], ["n"], "binary")
        with pytest.raises(InputError, match="positive class"):
            ours([0, 2], [0, 2], "binary")


@given(PAIRS)
def test_undefined_scores_as_nan_are_averaged_as_in_scikit_learn(pairs):
    predictions, targets = columns(pairs)
    for ours, theirs in (
        (metrics.precision, oracle.precision_score),
        (metrics.recall, oracle.recall_score),
        (metrics.f1, oracle.f1_score),
    ):
        for average in ("macro", "weighted"):
            expected = theirs(targets, predictions, average=average, zero_division=np.nan)
            got = ours(predictions, targets, average, zero_division=np.nan)
            assert got == pytest.approx(expected, nan_ok=True)


def test_a_weighted_precision_of_classes_never_predicted_falls_back_to_the_others():
    assert metrics.precision([1], [0], "weighted", zero_division=np.nan) == 0.0


def test_the_classes_of_a_running_matrix_that_never_came_do_not_count():
    running = ConfusionMatrix(10).update([0, 1, 1], [0, 1, 0])
    assert running.f1("macro") == metrics.f1([0, 1, 1], [0, 1, 0])


def test_kappa_where_chance_agrees_wholly_is_undefined():
    assert np.isnan(metrics.kappa([1, 1], [1, 1]))


@pytest.mark.parametrize(
    ("predictions", "targets", "error", "words"),
    [
        ([0, 1], [0, 1, 1], ShapeError, "as many predictions"),
        ([], [], InputError, "at least one example"),
        ([[0.1, 0.9]], [1], ShapeError, "argmax"),
        ([0.3, 0.7], [0, 1], InputError, "fractions"),
        ([np.nan, 1.0], [0, 1], InputError, "NaN"),
        ([np.inf, 1.0], [0, 1], InputError, "fractions"),
        (["a", "b"], [0, 1], InputError, "text"),
        ([None, 1], [0, 1], InputError, "none missing"),
    ],
)
def test_bad_labels_get_a_sentence(predictions, targets, error, words):
    for metric in (metrics.accuracy, metrics.f1, metrics.kappa):
        with pytest.raises(error, match=words):
            metric(predictions, targets)


def test_a_label_that_nobody_announced_is_refused():
    with pytest.raises(InputError, match="got 3"):
        ConfusionMatrix(3).update([3], [1])
    with pytest.raises(InputError, match="'dog'"):
        ConfusionMatrix(["cat", "fish"]).update(["cat"], ["dog"])
    with pytest.raises(InputError, match="same classes"):
        ConfusionMatrix(3).merge(ConfusionMatrix(4))
    with pytest.raises(InputError, match="none"):
        ConfusionMatrix(3).f1()
    with pytest.raises(InputError, match="average"):
        metrics.f1([0], [0], average="mean")


@given(PAIRS.filter(lambda pairs: not isinstance(pairs[0][0], str)), st.booleans())
def test_the_way_that_an_accelerator_takes_gives_the_same(pairs, truth_values):
    predictions, targets = columns(pairs)
    tensors = torch.tensor(predictions), torch.tensor(targets)
    if truth_values:
        tensors = tensors[0] > 0, tensors[1] > 0
    expected = confusion_matrix(*tensors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "course_lib.evaluation.class_labels._on_one_accelerator",
            lambda *pair: all(map(torch.is_tensor, pair)),
        )
        got = confusion_matrix(*tensors)
        grown = ConfusionMatrix(expected.classes).update(*tensors)
        assert metrics.accuracy(*tensors) == expected.accuracy()
        with pytest.raises(InputError, match="labels"):
            metrics.accuracy(torch.tensor([0.5, np.nan]), torch.tensor([0, 1]))
    assert got.classes.tolist() == expected.classes.tolist()
    assert np.array_equal(got.counts, expected.counts)
    assert np.array_equal(grown.counts, expected.counts)
