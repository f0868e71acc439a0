import numpy as np
import pytest
import torch

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import confusion_statistics, metrics
from course_lib.evaluation.class_labels import class_labels
from course_lib.evaluation.metrics import ConfusionMatrix

HUGE = 2**60


def column(*values):
    """Return what a column of pandas gives: an array of objects."""
    return np.array(values, dtype=object)


@pytest.mark.parametrize("first", [column("a", "b"), ["a", "b"], np.array(["a", "b"])])
def test_text_in_an_object_array_is_text(first):
    assert metrics.accuracy(first, column("a", "a")) == 0.5
    assert metrics.f1(first, column("a", "a"), "none").tolist() == pytest.approx([2 / 3, 0.0])
    statistics, macro_f1 = confusion_statistics(first, column("a", "a"))
    assert macro_f1(statistics.sum(axis=0)) == pytest.approx(1 / 3)


def test_numbers_in_an_object_array_are_numbers():
    assert metrics.accuracy(column(1, 0, True), [1, 1, 1]) == pytest.approx(2 / 3)
    assert ConfusionMatrix(column("a", "b")).update(["a"], ["b"]).accuracy() == 0.0


@pytest.mark.parametrize("missing", [None, np.nan, np.datetime64("NaT"), object()])
def test_a_missing_label_is_refused_beside_text_and_numbers(missing):
    for labels in (column("a", missing), column(1, missing)):
        with pytest.raises(InputError, match="none missing"):
            class_labels(labels, "the targets")


def test_bytes_are_not_compared_with_text_but_with_bytes():
    with pytest.raises(InputError, match=r"bytes and text; decode"):
        metrics.accuracy(np.array([b"a", b"b"]), ["a", "b"])
    with pytest.raises(InputError, match="decode"):
        ConfusionMatrix(["a", "b"]).update([b"a"], column(b"b"))
    assert metrics.accuracy(np.array([b"a", b"b"]), column(b"a", b"a")) == 0.5


def test_numbers_among_text_do_not_become_text():
    for labels in (["a", 1], ["a", np.nan], ["a", b"b"], column("a", 1)):
        with pytest.raises(InputError, match="all text or all numbers"):
            class_labels(labels, "the targets")


def test_large_unsigned_labels_stay_apart_from_their_neighbours():
    predictions = np.array([HUGE + 1, 5], np.uint64)
    assert metrics.accuracy(predictions, np.array([HUGE + 2, 5])) == 0.5
    assert metrics.f1(predictions, np.array([HUGE + 2, 5])) == pytest.approx(1 / 3)
    beyond = np.array([2**63 + 1, 5], np.uint64)
    assert metrics.f1(beyond, np.array([2**63 + 2, 5], np.uint64)) == pytest.approx(1 / 3)
    assert metrics.f1(beyond, np.array([1, 5])) == pytest.approx(1 / 3)
    with pytest.raises(InputError, match="64 bits"):
        metrics.f1(beyond, np.array([-1, 5]))
    with pytest.raises(InputError, match="64 bits"):
        metrics.f1([2**70], [2**70])


@pytest.mark.parametrize("place", [-(2**63), -(2**62), 2**62])
def test_neighbours_at_the_ends_of_64_bits_are_counted(place):
    matrix = metrics.confusion_matrix([place, place + 1], [place, place])
    assert matrix.counts.tolist() == [[1, 1], [0, 0]]


@pytest.mark.parametrize(
    "labels", [[1e300], np.array([2.0**24 + 2], np.float32), torch.tensor([257.0 + 3]).bfloat16()]
)
def test_floats_too_large_to_be_told_apart_are_refused(labels):
    with pytest.raises(InputError, match="exact"):
        metrics.accuracy(labels, labels)


def test_class_scores_are_sent_to_argmax():
    for scores in (np.ones((1, 2)) / 2, torch.ones(1, 2) / 2):
        with pytest.raises(ShapeError, match="argmax"):
            metrics.accuracy(scores, [1])
