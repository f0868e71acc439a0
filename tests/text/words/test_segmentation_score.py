from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from course_lib.errors import InputError
from course_lib.text.words.segmentation_score import segmentation_f1, word_spans


@st.composite
def two_segmentations(draw):
    text = draw(st.text("天地人", min_size=1, max_size=12))
    return tuple(_cut(text, draw(st.sets(st.integers(1, len(text))))) for _ in range(2))


def _cut(text, places):
    edges = sorted({0, *places, len(text)})
    return [text[start:end] for start, end in pairwise(edges)]


def test_by_hand_one_word_of_three_and_of_two():
    assert segmentation_f1(["我们", "学", "习"], ["我们", "学习"]) == pytest.approx(2 / 5)


def test_the_right_word_at_another_place_does_not_count():
    assert segmentation_f1(["天", "天天"], ["天天", "天"]) == 0.0


def test_spans_begin_where_the_last_one_ends():
    assert word_spans(["研究", "生", "命"]) == [(0, 2), (2, 3), (3, 4)]


def test_two_empty_texts_agree():
    assert segmentation_f1([], []) == 1.0


def test_different_texts_are_refused_with_the_place():
    with pytest.raises(InputError, match="they part at character 2: '人', '们'"):
        segmentation_f1(["我你", "人"], ["我", "你们"])


@given(two_segmentations())
def test_it_is_symmetric_between_nought_and_one_and_one_only_for_equals(pair):
    first, second = pair
    score = segmentation_f1(first, second)
    assert score == segmentation_f1(second, first)
    assert 0 <= score <= 1
    assert (score == 1) == (first == second)


@given(two_segmentations())
def test_it_is_scikit_learns_f1_over_all_possible_spans(pair):
    predicted, gold = map(word_spans, pair)
    end = gold[-1][1]
    spans = [(a, b) for a in range(end) for b in range(a + 1, end + 1)]
    expected = f1_score([one in gold for one in spans], [one in predicted for one in spans])
    assert segmentation_f1(*pair) == pytest.approx(expected)


@given(two_segmentations(), two_segmentations())
def test_a_corpus_is_one_long_list(first, second):
    joined = segmentation_f1(first[0] + second[0], first[1] + second[1])
    parts = [(segmentation_f1(*pair), len(pair[0]) + len(pair[1])) for pair in (first, second)]
    assert joined == pytest.approx(sum(f * n for f, n in parts) / sum(n for _, n in parts))
