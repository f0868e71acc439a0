import math

import pytest
import torch
from torch.nn import functional

from course_lib.errors import ShapeError
from course_lib.training.next_token import IGNORED, next_token_loss, perplexity, shifted


def test_an_untrained_model_is_as_surprised_as_a_fair_die():
    loss, count = next_token_loss(torch.zeros(2, 5, 6), torch.zeros(2, 5, dtype=torch.long))
    assert perplexity((loss / count).item()) == pytest.approx(6)


def test_sums_and_counts_of_unequal_batches_add_up_to_the_whole():
    generator = torch.Generator().manual_seed(3)
    logits = torch.randn(4, 7, 9, generator=generator)
    targets = torch.randint(9, (4, 7), generator=generator)
    targets[0, 2:] = IGNORED
    whole, count = next_token_loss(logits, targets)
    parts = [next_token_loss(logits[i], targets[i]) for i in (slice(0, 1), slice(1, 4))]
    torch.testing.assert_close(sum(loss for loss, _ in parts), whole)
    expected = functional.cross_entropy(logits.transpose(1, 2), targets, ignore_index=IGNORED)
    torch.testing.assert_close(whole / count, expected)
    mean_of_means = sum(loss / n for loss, n in parts) / 2
    assert abs(mean_of_means - expected) > 1e-3


def test_padding_has_no_gradient():
    logits = torch.randn(1, 3, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    loss, _ = next_token_loss(logits, torch.tensor([[1, IGNORED, 2]]))
    loss.backward()
    assert logits.grad[0, 1].abs().sum() == 0
    assert logits.grad[0, 0].abs().sum() > 0


def test_only_padding_gives_a_loss_of_nothing():
    loss, count = next_token_loss(torch.zeros(1, 2, 3), torch.full((1, 2), IGNORED))
    assert (loss.item(), count.item()) == (0.0, 0)


def test_targets_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match=r"expected \(2, 4\) and the vocabulary"):
        next_token_loss(torch.zeros(2, 5, 6), torch.zeros(2, 4, dtype=torch.long))


def test_a_hopeless_loss_gives_an_infinite_perplexity():
    assert perplexity(1e6) == math.inf


def test_each_input_is_judged_on_the_token_after_it():
    inputs, targets = shifted(torch.arange(12).reshape(2, 6))
    assert torch.equal(targets, inputs + 1)
