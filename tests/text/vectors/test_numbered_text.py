from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.vectors.numbered_text import read_corpus

SENTENCES = st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), min_size=1)


def test_words_are_numbered_by_rank_and_rare_ones_left_out():
    corpus = read_corpus([["b", "a", "a"], [], ["x", "b", "a"]], min_count=2)
    assert corpus.words == ("a", "b")
    assert corpus.counts.tolist() == [3, 2]
    assert corpus.ids.tolist() == [1, 0, 0, 1, 0]
    assert corpus.sentences.tolist() == [0, 0, 0, 2, 2]
    assert corpus.tokens == 6


@given(SENTENCES.filter(any))
def test_the_sentences_come_back(sentences):
    corpus = read_corpus(iter(sentences))
    back = [[] for _ in sentences]
    for word, place in zip(corpus.ids, corpus.sentences, strict=True):
        back[place].append(corpus.words[word])
    assert back == sentences
    counts = Counter(word for sentence in sentences for word in sentence)
    assert dict(zip(corpus.words, corpus.counts.tolist(), strict=True)) == counts


def test_text_not_cut_into_words_is_refused():
    with pytest.raises(InputError, match="tokenize_words"):
        read_corpus(["the cat"])


@pytest.mark.parametrize("sentences", [[], [[]], [["a", "b"]]])
def test_a_text_without_a_word_that_counts_is_refused(sentences):
    with pytest.raises(InputError, match="2 times or more"):
        read_corpus(sentences, min_count=2)
