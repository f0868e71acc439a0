import pytest
import torch

from course_lib.errors import InputError
from course_lib.training import Batches, find_learning_rate, language_model_loss
from course_lib.training.learning_rate_finder import RateSearch
from tests.training.test_loop import language_model, sentences, weights


def test_the_suggestion_is_where_the_loss_falls_fastest():
    search = RateSearch((0.001, 0.01, 0.1, 1.0, 10.0), (3.0, 2.9, 2.0, 1.0, 1.9))
    assert search.suggestion == 0.1


def test_it_finds_a_rate_between_too_small_and_too_large_and_leaves_the_model_alone():
    model = language_model()
    before = weights(model).clone()
    search = find_learning_rate(
        model, Batches(sentences(), size=8), language_model_loss, lowest=1e-6, highest=100.0
    )
    assert torch.equal(before, weights(model))
    assert 1e-4 < search.suggestion < 1.0
    assert max(search.rates) < 100.0


def test_too_narrow_a_search_is_refused():
    with pytest.raises(InputError, match="0 < lowest < highest"):
        find_learning_rate(language_model(), Batches(sentences(), size=8), language_model_loss,
                           lowest=1.0, highest=0.1)  # fmt: skip


def test_a_search_that_explodes_at_once_says_so():
    with pytest.raises(InputError, match="begin at a lower rate"):
        find_learning_rate(language_model(), Batches(sentences(), size=8), language_model_loss,
                           lowest=1e6, highest=1e8)  # fmt: skip
