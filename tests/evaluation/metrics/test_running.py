import numpy as np
import pytest
import torch

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics
from course_lib.evaluation.metrics import Kept, Running


def test_a_mean_over_unequal_batches_is_the_mean_of_all():
    values = np.arange(11.0)
    running = Running()
    for start in range(0, 11, 4):
        running.update(torch.tensor(values[start : start + 4]))
    assert running.value() == pytest.approx(values.mean())
    assert running.examples == 11


def test_corpus_scores_add_up_over_batches_and_processes():
    predictions = ["the cat sat", "a dog ran home", "x y z", "we count words here"]
    references = ["the cat sat down", "a dog ran", "x y", "we count words"]
    for counts, formula, whole in (
        (metrics.bleu_counts, metrics.bleu_of, metrics.bleu),
        (metrics.chrf_counts, metrics.chrf_of, metrics.chrf),
    ):
        first = Running(formula).update(counts(predictions[:1], references[:1]))
        second = Running(formula).update(counts(predictions[1:], references[1:]))
        assert first.merge(second).value() == pytest.approx(whole(predictions, references))


def test_a_process_that_saw_nothing_changes_nothing():
    running = Running().update([2.0, 4.0])
    assert running.merge(Running()).value() == Running().merge(running).value() == 3.0
    assert running.update([]).value() == 3.0


def test_kept_scores_give_the_area_of_all_and_not_a_mean_of_areas():
    rng = np.random.default_rng(0)
    scores, targets = rng.random(40).round(1), rng.integers(0, 2, 40)
    kept = Kept(metrics.roc_auc).update(scores[:9], targets[:9])
    other = Kept(metrics.roc_auc).update(torch.tensor(scores[9:]), torch.tensor(targets[9:]))
    assert kept.merge(other).value() == metrics.roc_auc(scores, targets)


def test_bad_input_gets_a_sentence():
    with pytest.raises(InputError, match="at least one example"):
        Running().value()
    with pytest.raises(InputError, match="NaN"):
        Running().update([np.nan])
    with pytest.raises(ShapeError, match="row for each"):
        Running().update(1.0)
    with pytest.raises(ShapeError, match="statistics"):
        Running(metrics.bleu_of).update(np.ones((2, 10))).update(np.ones((2, 9)))
    with pytest.raises(InputError, match="batch"):
        Kept(metrics.roc_auc).value()
    with pytest.raises(ShapeError, match="scores"):
        Kept(metrics.roc_auc).update([0.1], [1, 0])
