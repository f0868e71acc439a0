import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.vectors.co_occurrence import count_co_occurrences
from course_lib.text.vectors.numbered_text import read_corpus

SENTENCES = st.lists(st.lists(st.sampled_from("abcd"), max_size=7), min_size=1, max_size=5)


def by_definition(sentences, words, window):
    table = np.zeros((len(words), len(words)))
    for sentence in sentences:
        for i, word in enumerate(sentence):
            for j, other in enumerate(sentence):
                if 0 < abs(i - j) <= window:
                    table[words.index(word), words.index(other)] += 1 / abs(i - j)
    return table


def test_counts_by_hand():
    corpus = read_corpus([["a", "a", "b", "a"], ["b"]])
    assert count_co_occurrences(corpus, window=2).toarray().tolist() == [[3, 2.5], [2.5, 0]]


@given(SENTENCES.filter(any), st.integers(1, 8))
def test_counts_are_those_of_the_definition(sentences, window):
    corpus = read_corpus(sentences)
    table = count_co_occurrences(corpus, window).toarray()
    np.testing.assert_allclose(table, by_definition(sentences, corpus.words, window))
    np.testing.assert_allclose(table, table.T)


def test_a_long_text_counts_the_same_in_stretches(monkeypatch):
    rng = np.random.default_rng(1)
    sentences = [rng.choice(list("abcdefg"), size=9).tolist() for _ in range(20)]
    corpus = read_corpus(sentences)
    whole = count_co_occurrences(corpus, 4).toarray()
    monkeypatch.setattr("course_lib.text.vectors.co_occurrence.STRETCH", 13)
    np.testing.assert_allclose(count_co_occurrences(corpus, 4).toarray(), whole)


def test_a_window_of_nothing_is_refused():
    with pytest.raises(InputError, match="window"):
        count_co_occurrences(read_corpus([["a"]]), window=0)
