import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics

WORDS = [
    "the",
    "cats",
    "running",
    "ran",
    "its",
    "was",
    "nationally",
    "x2",
    "it's",
    "É",
    "学习",
    "\n",
    "A-b",
    "İ",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join)


@given(TEXT | st.text(), TEXT | st.text(), st.booleans())
def test_rouge_is_googles(prediction, reference, stem):
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=stem)
    theirs = scorer.score(reference, prediction)
    for kind in (1, 2, "L"):
        got = metrics.rouge([prediction], [reference], kind, stem=stem)
        expected = theirs[f"rouge{kind}"]
        assert got == pytest.approx((expected.precision, expected.recall, expected.fmeasure))


@given(st.text("abc", max_size=70), st.text("abc", max_size=70))
def test_the_longest_common_subsequence_is_that_of_the_table(first, second):
    row = np.zeros(len(second) + 1, int)
    for one in first:
        before = row.copy()
        for place, other in enumerate(second, start=1):
            row[place] = (
                before[place - 1] + 1 if one == other else max(before[place], row[place - 1])
            )
    assert metrics.longest_common_subsequence(first, second) == row[-1]


def test_a_corpus_has_the_mean_and_several_references_the_best():
    got = metrics.rouge(["a b", "c d"], [["x y", "a b"], ["c x"]], kind=1)
    assert got.f1 == pytest.approx((1.0 + 0.5) / 2)


def test_the_usual_tokens_lose_chinese_and_others_keep_it():
    assert metrics.rouge(["我们学习"], ["我们学习"]).f1 == 0.0
    assert metrics.rouge(["我们学习"], ["我们学习"], tokenize=list).f1 == 1.0


def test_bad_input_gets_a_sentence():
    for kind in (0, "Lsum", 2.5):
        with pytest.raises((InputError, TypeError), match="kind"):
            metrics.rouge(["a"], ["a"], kind)
    with pytest.raises(ShapeError):
        metrics.rouge(["a"], [])
    with pytest.raises(InputError, match="references"):
        metrics.rouge(["a"], [[]])
