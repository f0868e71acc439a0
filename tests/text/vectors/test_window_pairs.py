from hypothesis import given
from hypothesis import strategies as st
from nltk.util import skipgrams

from course_lib.text.vectors.window_pairs import skip_gram_pairs

SENTENCES = st.lists(st.lists(st.sampled_from("abcde"), max_size=8), max_size=4)


def test_pairs_by_hand():
    assert skip_gram_pairs([["a", "b"], ["c"], ["d", "d"]], 2) == [
        ("a", "b"),
        ("b", "a"),
        ("d", "d"),
        ("d", "d"),
    ]


@given(SENTENCES, st.integers(1, 5))
def test_each_pair_comes_both_ways_round(sentences, window):
    pairs = skip_gram_pairs(sentences, window)
    assert sorted(pairs) == sorted((context, centre) for centre, context in pairs)


@given(SENTENCES, st.integers(1, 5))
def test_sentences_never_meet(sentences, window):
    together = skip_gram_pairs(sentences, window)
    assert together == [pair for one in sentences for pair in skip_gram_pairs([one], window)]


@given(SENTENCES, st.integers(1, 5))
def test_pairs_that_look_forwards_are_nltks_skip_grams(sentences, window):
    numbered = [list(enumerate(sentence)) for sentence in sentences]
    forwards = [pair for pair in skip_gram_pairs(numbered, window) if pair[0] < pair[1]]
    expected = [
        pair for sentence in numbered for pair in skipgrams(sentence, 2, window - 1) if sentence
    ]
    assert sorted(forwards) == sorted(expected)
