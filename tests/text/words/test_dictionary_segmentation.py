import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.words.dictionary_segmentation import (
    backward_maximum_matching,
    bidirectional_maximum_matching,
    maximum_matching,
)

TEXTS = st.text("天地人你我")
WORDS = st.sets(st.text("天地人你我", min_size=1, max_size=4))
CUTS = [maximum_matching, backward_maximum_matching, bidirectional_maximum_matching]


def test_forward_takes_the_longest_word_and_so_goes_wrong():
    assert maximum_matching("研究生命", {"研究", "研究生", "生命"}) == ["研究生", "命"]


def test_backward_takes_the_longest_word_from_the_end():
    assert backward_maximum_matching("研究生命", {"研究", "研究生", "生命"}) == ["研究", "生命"]


def test_of_equally_many_words_fewer_single_characters_win():
    words = {"结婚", "和尚", "未婚", "尚未", "结合"}
    assert bidirectional_maximum_matching("尚未婚", words) == ["尚", "未婚"]  # a tie: backward
    assert bidirectional_maximum_matching("的尚未", {"的尚"}) == ["的尚", "未"]
    assert bidirectional_maximum_matching("abcd", {"abc", "cd", "ab"}) == ["ab", "cd"]


def test_unknown_characters_stand_alone():
    assert maximum_matching("你好，世界", {"世界"}) == ["你", "好", "，", "世界"]


def test_a_word_longer_than_the_longest_is_never_found():
    assert maximum_matching("研究生", {"研究生", "研究"}, longest=2) == ["研究", "生"]


def test_a_word_that_no_prefix_leads_to_is_found():
    assert maximum_matching("中华人民共和国", {"中华人民共和国"}) == ["中华人民共和国"]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("words", [set(), {"天地"}])
def test_empty_text_has_no_words(cut, words):
    assert cut("", words) == []


@pytest.mark.parametrize("cut", CUTS)
def test_a_longest_word_of_no_character_is_refused(cut):
    with pytest.raises(InputError, match="at least 1 character, got 0"):
        cut("天", {"天"}, 0)


@pytest.mark.parametrize("cut", CUTS)
@given(text=TEXTS, words=WORDS)
def test_the_words_joined_are_the_text_and_longer_ones_are_known(cut, text, words):
    found = cut(text, words)
    assert "".join(found) == text
    assert all(len(word) == 1 or word in words for word in found)


@given(TEXTS, WORDS)
def test_no_longer_word_begins_where_a_forward_word_does(text, words):
    found = maximum_matching(text, words)
    for start, word in zip(itertools.accumulate(map(len, found), initial=0), found, strict=False):
        longer = [one for one in words if text.startswith(one, start) and len(one) > len(word)]
        assert not longer


@given(TEXTS, WORDS)
def test_backward_is_forward_on_the_mirrored_text(text, words):
    mirrored = maximum_matching(text[::-1], {word[::-1] for word in words})
    assert backward_maximum_matching(text, words) == [word[::-1] for word in mirrored[::-1]]


@given(TEXTS, WORDS)
def test_the_bidirectional_result_has_the_fewer_words(text, words):
    both = maximum_matching(text, words), backward_maximum_matching(text, words)
    found = bidirectional_maximum_matching(text, words)
    assert found in both
    assert len(found) == min(map(len, both))
