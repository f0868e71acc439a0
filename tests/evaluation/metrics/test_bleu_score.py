import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics
from course_lib.evaluation.metrics.translation_tokens import tokenizer_called

WORDS = ["the", "cat", "sat", "on", "3.5", "a-b", "10-", "x,", ".", "!", "&quot;", "it's", "我",
         "学习", "“好”", "…", "Ｂ", "é", "\u3000", "<skipped>", "-\n", "1,000",
         "🙂", "𠀀"]  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)
SMALL = st.lists(st.sampled_from("abc"), max_size=8).map(" ".join)


def corpus(text):
    return st.lists(st.tuples(text, text), min_size=1, max_size=4)


@given(TEXT | st.text())
@pytest.mark.parametrize("name", ["13a", "zh", "char", "none"])
def test_tokens_are_sacrebleus(name, text):
    theirs = sacrebleu.metrics.BLEU(tokenize=name).tokenizer(text.rstrip())
    assert tokenizer_called(name)(text) == theirs.split()


@given(corpus(TEXT) | corpus(SMALL), st.sampled_from(["13a", "zh", "char"]))
def test_bleu_is_sacrebleus(pairs, tokenize):
    predictions, references = map(list, zip(*pairs, strict=True))
    expected = sacrebleu.corpus_bleu(predictions, [references], tokenize=tokenize, force=True).score
    assert metrics.bleu(predictions, references, tokenize) == pytest.approx(expected, abs=1e-9)


@given(corpus(SMALL))
@pytest.mark.parametrize("smoothing", ["exp", "floor", "add-k", "none"])
def test_smoothing_is_sacrebleus(smoothing, pairs):
    predictions, references = map(list, zip(*pairs, strict=True))
    scorer = sacrebleu.metrics.BLEU(smooth_method=smoothing, force=True)
    expected = scorer.corpus_score(predictions, [references]).score
    got = metrics.bleu(predictions, references, smoothing=smoothing)
    assert got == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(SMALL, SMALL, SMALL), min_size=1, max_size=4))
def test_several_references_are_sacrebleus(rows):
    predictions, first, second = map(list, zip(*rows, strict=True))
    expected = sacrebleu.corpus_bleu(predictions, [first, second], force=True).score
    got = metrics.bleu(predictions, list(zip(first, second, strict=True)))
    assert got == pytest.approx(expected, abs=1e-9)


@given(SMALL, SMALL)
def test_one_sentence_is_sacrebleus(prediction, reference):
    expected = sacrebleu.sentence_bleu(prediction, [reference], use_effective_order=True).score
    assert metrics.sentence_bleu(prediction, reference) == pytest.approx(expected, abs=1e-9)


def test_a_word_repeated_is_clipped_and_a_short_text_penalised():
    counts = metrics.bleu_counts(["the the the"], ["the cat"])[0]
    assert counts[2] == 1
    whole, half = "a b c d e f g h", "a b c d"
    assert metrics.bleu([half], [whole]) == pytest.approx(100 * np.exp(1 - 8 / 4))


def test_many_sums_are_scored_in_one_call():
    counts = metrics.bleu_counts(["a b c d e", "x"], ["a b c d", "x y"])
    together = metrics.bleu_of(np.stack([counts.sum(0), counts[0], counts[1]]))
    alone = [metrics.bleu_of(row) for row in (counts.sum(0), counts[0], counts[1])]
    assert np.allclose(together, alone)


def test_bad_input_gets_a_sentence():
    with pytest.raises(InputError, match="tokenisation"):
        metrics.bleu(["a"], ["a"], tokenize="ja")
    with pytest.raises(InputError, match="smoothing"):
        metrics.bleu(["a"], ["a"], smoothing="add")
    with pytest.raises(ShapeError):
        metrics.bleu(["a"], [])
    with pytest.raises(InputError, match="list"):
        metrics.bleu("a", ["a"])
    with pytest.raises(InputError, match="references"):
        metrics.bleu(["a"], [[]])
