import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS as SCIKIT_LEARN

from course_lib.errors import InputError
from course_lib.text.words.stop_words import (
    CHINESE_NEGATIONS,
    CHINESE_STOP_WORDS,
    ENGLISH_NEGATIONS,
    ENGLISH_STOP_WORDS,
    NEGATIONS,
    STOP_WORDS,
    frequent_words,
    remove_stop_words,
)

TOKENS = st.lists(st.sampled_from(["The", "the", "not", "NOT", "cat", "的", "不", "Ｔｈｅ", "."]))


def test_case_and_width_make_no_difference():
    assert remove_stop_words(["The", "THE", "Ｔｈｅ", "cat"]) == ["cat"]


def test_what_stays_keeps_its_spelling():
    assert remove_stop_words(["the", "Cat", "ＣＡＴ"]) == ["Cat", "ＣＡＴ"]


def test_either_apostrophe_is_the_same():
    assert remove_stop_words(["it's", "it’s", "It’s", "don’t"]) == ["don’t"]


@pytest.mark.parametrize(
    "word", ["not", "no", "never", "don't", "without", "不", "没", "没有", "无"]
)
def test_a_negation_is_never_a_stop_word(word):
    assert word in NEGATIONS
    assert word not in STOP_WORDS
    assert remove_stop_words([word], words={word}) == [word]


def test_negations_go_when_asked_for():
    assert remove_stop_words(["Not", "good"], words={"not"}, keep=()) == ["good"]


def test_a_word_that_only_contains_a_stop_word_stays():
    assert remove_stop_words(["theatre", "目的", "island"]) == ["theatre", "目的", "island"]


@pytest.mark.parametrize(
    "words", [ENGLISH_STOP_WORDS, ENGLISH_NEGATIONS, CHINESE_STOP_WORDS, CHINESE_NEGATIONS]
)
def test_every_list_is_in_the_spelling_that_is_compared(words):
    assert words == {word.lower() for word in words}
    assert not any("’" in word or " " in word for word in words)


def test_the_lists_hold_no_negation():
    assert not STOP_WORDS & NEGATIONS


def test_most_english_words_are_on_scikit_learns_list_as_well():
    without_contractions = {word for word in ENGLISH_STOP_WORDS if word.isalpha()}
    assert len(without_contractions & SCIKIT_LEARN) > 0.9 * len(without_contractions)


def test_every_chinese_word_is_one_that_a_dictionary_knows():
    folder = Path(importlib.util.find_spec("jieba").origin).parent
    rows = (folder / "dict.txt").read_text(encoding="utf-8").splitlines()
    known = {row.split(" ")[0] for row in rows}
    assert known >= CHINESE_STOP_WORDS
    assert len(CHINESE_NEGATIONS - known) <= 3


def test_a_list_from_documents_holds_what_most_of_them_share():
    documents = [["The", "cat"], ["the", "dog"], ["a", "the", "cat"]]
    assert frequent_words(documents, share=1) == ["the"]
    assert frequent_words(documents, share=2 / 3) == ["the", "cat"]


def test_a_list_from_documents_leaves_negations_out_unless_told():
    documents = [["not", "good"], ["not", "bad"]]
    assert frequent_words(documents, share=1) == []
    assert frequent_words(documents, share=1, keep=()) == ["not"]


def test_no_documents_give_no_words():
    assert frequent_words([], share=0.5) == []


@pytest.mark.parametrize("share", [0, -0.5, 1.5])
def test_an_impossible_share_is_refused(share):
    with pytest.raises(InputError, match="above 0, at most 1"):
        frequent_words([["a"]], share=share)


@given(TOKENS)
def test_removing_twice_removes_no_more_and_keeps_the_order(tokens):
    once = remove_stop_words(tokens)
    assert remove_stop_words(once) == once
    rest = iter(tokens)
    assert all(token in rest for token in once)
