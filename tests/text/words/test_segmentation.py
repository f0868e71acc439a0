import logging
import warnings
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data import chinese_dictionary
from course_lib.errors import InputError
from course_lib.text.words.segmentation import UnigramSegmenter, chinese_segmenter, viterbi_segment

TEXTS = st.text("天地人你我", max_size=9)
FREQUENCIES = st.dictionaries(
    st.text("天地人你", min_size=1, max_size=4), st.integers(1, 1000), min_size=1
)
PARAGRAPH = (
    "我们在清华大学学习自然语言处理。词语之间没有空格，所以要先分词；2016年以后，很多模型用BPE算法。"
    "南京市长江大桥很长，研究生命的起源很难！他说：“结婚的和尚未结婚的人都来了。”C++和T恤也是词吗？"
)


@pytest.fixture(scope="module")
def segmenter():
    return chinese_segmenter()


@pytest.fixture(scope="module")
def jieba_cut():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(logging.ERROR)
        jieba.initialize()
    return lambda text: jieba.lcut(text, HMM=False)


def every_segmentation(text):
    inner = range(1, len(text))
    for cuts in (cut for count in range(len(text)) for cut in combinations(inner, count)):
        yield [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]


def test_the_best_sum_wins_over_the_longest_word():
    probabilities = {"研究": -2.0, "研究生": -3.0, "生命": -2.0, "命": -5.0}
    assert viterbi_segment("研究生命", probabilities) == ["研究", "生命"]  # -4 against -8


def test_a_choice_that_pays_only_later_is_found():
    probabilities = {"a": -1.0, "ab": -1.5, "bcd": -1.0, "c": -3.0, "d": -3.0}
    assert viterbi_segment("abcd", probabilities) == ["a", "bcd"]


def test_unknown_characters_cost_what_is_said():
    assert viterbi_segment("天地", {"天地": -10.0}, unknown=-6.0) == ["天地"]
    assert viterbi_segment("天地", {"天地": -10.0}, unknown=-4.0) == ["天", "地"]


def test_of_equals_the_longer_first_word_wins():
    equal = {"天地": -1.0, "人": -1.0, "天": -1.0, "地人": -1.0}
    assert viterbi_segment("天地人", equal) == ["天地", "人"]


@given(TEXTS, FREQUENCIES)
def test_no_segmentation_scores_higher(text, frequencies):
    ours = UnigramSegmenter(frequencies)
    best = max((ours.score(words) for words in every_segmentation(text)), default=0.0)
    assert ours.score(ours.segment(text)) == pytest.approx(best)


@given(TEXTS, FREQUENCIES)
def test_the_segmenter_is_the_plain_recurrence_on_its_probabilities(text, frequencies):
    ours = UnigramSegmenter(frequencies)
    total = np.log(sum(frequencies.values()))
    logs = {word: float(np.log(count) - total) for word, count in frequencies.items()}
    plain = viterbi_segment(text, logs, unknown=ours.unknown)
    assert ours.score(ours.segment(text)) == pytest.approx(ours.score(plain))


@given(text=st.text())
def test_nothing_of_any_text_is_lost(segmenter, text):
    assert "".join(segmenter.segment(text)) == text


@given(st.lists(st.floats(-30, -0.5), min_size=26, max_size=26), st.text("abcdef"))
def test_the_path_never_costs_more_than_standing_alone(costs, text):
    words = [a + b for a in "abcde" for b in "abcde"]
    probabilities = dict(zip(["a", *words], costs, strict=True))
    found = viterbi_segment(text, probabilities)
    assert (
        sum(probabilities.get(word, -20.0) for word in found)
        >= sum(probabilities.get(one, -20.0) for one in text) - 1e-9
    )


def test_the_same_path_as_jieba_on_prose(segmenter, jieba_cut):
    assert segmenter.segment(PARAGRAPH) == jieba_cut(PARAGRAPH)


def test_the_same_path_as_jieba_on_ten_thousand_words_drawn_by_frequency(segmenter, jieba_cut):
    words, counts = zip(*chinese_dictionary().items(), strict=True)
    weights = np.array(counts) / sum(counts)
    drawn = np.random.default_rng(0).choice(len(words), size=10_000, p=weights)
    for start in range(0, len(drawn), 20):
        text = "".join(words[index] for index in drawn[start : start + 20])
        assert segmenter.segment(text) == jieba_cut(text)


def test_the_ready_segmenter_is_made_once():
    assert chinese_segmenter() is chinese_segmenter()


def test_the_textbook_ambiguity_is_solved_by_frequency(segmenter):
    assert segmenter.segment("研究生命的起源") == ["研究", "生命", "的", "起源"]


def test_latin_letters_and_digits_are_joined_and_white_space_is_kept(segmenter):
    assert segmenter.segment("用 BPE 2016") == ["用", " ", "BPE", " ", "2016"]


def test_words_with_marks_in_them_are_found():
    assert UnigramSegmenter({"C++": 3, "[-]^": 2}).segment("C++和[-]^") == ["C++", "和", "[-]^"]


def test_a_word_of_frequency_nought_is_no_word():
    assert UnigramSegmenter({"天地": 0, "天": 1}).segment("天地") == ["天", "地"]


@pytest.mark.parametrize("frequencies", [{}, {"天": 0}, {"天": -1, "地": 2}, {"": 3}])
def test_frequencies_that_give_no_probabilities_are_refused(frequencies):
    with pytest.raises(InputError, match="the frequencies: expected no negative number"):
        UnigramSegmenter(frequencies)


def test_an_unknown_longer_word_has_no_probability(segmenter):
    assert segmenter.score(["我们", "ㄅㄆㄇ"]) == -np.inf
