import numpy as np
import pytest
import torch

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics


def test_perplexity_is_the_exponential_of_the_mean_and_not_the_mean_of_exponentials():
    losses = np.log([1.0, 100.0])
    assert metrics.perplexity(losses) == pytest.approx(10.0)
    assert metrics.perplexity(losses) < np.mean(np.exp(losses))


def test_padding_does_not_count():
    losses = torch.tensor([[1.0, 2.0], [3.0, 50.0]])
    mask = torch.tensor([[True, True], [True, False]])
    assert metrics.perplexity(losses, mask) == pytest.approx(np.exp(2.0))
    assert metrics.bits_per_byte(losses, ["abc"], mask) == pytest.approx(2 / np.log(2))


def test_bits_per_byte_do_not_depend_on_the_tokens():
    text = "ab" * 8
    by_letter, by_pair = np.full(16, np.log(2.0)), np.full(8, np.log(4.0))
    assert metrics.perplexity(by_letter) != pytest.approx(metrics.perplexity(by_pair))
    assert metrics.bits_per_byte(by_letter, [text]) == metrics.bits_per_byte(by_pair, [text])


def test_an_exact_match_is_after_normalisation():
    assert metrics.exact_match(["A", "b"], ["a", "b"]) == 0.5
    assert metrics.exact_match(["A", "b"], ["a", "b"], normalise=str.lower) == 1.0


def test_bad_input_gets_a_sentence():
    with pytest.raises(InputError, match="NaN"):
        metrics.perplexity([1.0, np.nan])
    with pytest.raises(InputError, match="at least one token"):
        metrics.perplexity([1.0], mask=[False])
    with pytest.raises(ShapeError, match="mask"):
        metrics.perplexity([1.0, 2.0], mask=[True])
    with pytest.raises(InputError, match="byte"):
        metrics.bits_per_byte([1.0], [""])
    with pytest.raises(ShapeError):
        metrics.exact_match(["a"], ["a", "b"])
    with pytest.raises(InputError, match="put it into a list"):
        metrics.exact_match("abc", ["a", "b", "c"])
    with pytest.raises(InputError, match="none"):
        metrics.exact_match([], [])
