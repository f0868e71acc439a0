import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics
from tests.evaluation.metrics.test_bleu_score import SMALL, TEXT, corpus


@given(corpus(TEXT) | corpus(SMALL) | corpus(st.text()), st.sampled_from([0, 2]))
def test_chrf_is_sacrebleus(pairs, words):
    predictions, references = map(list, zip(*pairs, strict=True))
    expected = sacrebleu.corpus_chrf(predictions, [references], word_order=words).score
    assert metrics.chrf(predictions, references, words=words) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(SMALL, SMALL, SMALL), min_size=1, max_size=4))
def test_of_several_references_the_best_counts(rows):
    predictions, first, second = map(list, zip(*rows, strict=True))
    expected = sacrebleu.corpus_chrf(predictions, [first, second]).score
    got = metrics.chrf(predictions, list(zip(first, second, strict=True)))
    assert got == pytest.approx(expected, abs=1e-9)


def test_an_ending_costs_less_than_a_word():
    reference = ["the cats sleep well"]
    ending = metrics.chrf(["the cat sleeps well"], reference)
    other = metrics.chrf(["the dogs sleep ill"], reference)
    assert other < ending < 100 == metrics.chrf(reference, reference)


def test_bad_input_gets_a_sentence():
    with pytest.raises(ShapeError):
        metrics.chrf(["a"], ["a", "b"])
    with pytest.raises(InputError, match="references"):
        metrics.chrf(["a"], [[]])
