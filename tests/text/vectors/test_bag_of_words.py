import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from course_lib.errors import InputError, ShapeError
from course_lib.text import TfIdf, Vocabulary, count_vectors, one_hot, tf_idf

IDS = {"<pad>": 0, "<unk>": 1, "cat": 2, "sat": 3}
TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh")), min_size=1, max_size=6)
LETTERS = {letter: number for number, letter in enumerate("abcdefg")}  # h is unknown


def test_one_hot_rows_by_hand():
    assert one_hot(["sat", "cat", "sat"], IDS).tolist() == [
        [0, 0, 0, 1],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
    ]


def test_an_unknown_word_is_unk_and_not_padding():
    assert one_hot(["yeti"], IDS).tolist() == [[0, 1, 0, 0]]


def test_no_words_are_no_rows():
    assert one_hot([], IDS).shape == (0, 4)


def test_an_unknown_word_without_unk_is_refused():
    with pytest.raises(InputError, match="'yeti'"):
        one_hot(["yeti"], {"cat": 0})


@given(st.lists(st.sampled_from([*IDS, "yeti"])))
def test_one_hot_rows_sum_to_the_counts(words):
    vocabulary = Vocabulary(tuple(IDS), ("<pad>", "<unk>"))
    known = [vocabulary.tokens[number] for number in vocabulary.encode(words)]
    summed = one_hot(known, vocabulary.ids).sum(axis=0)
    assert count_vectors([known], vocabulary.ids).toarray()[0].tolist() == summed.tolist()


@given(TEXTS)
def test_counts_agree_with_scikit_learn(texts):
    theirs = CountVectorizer(vocabulary=LETTERS, analyzer=list).transform(texts)
    assert np.array_equal(count_vectors(texts, LETTERS).toarray(), theirs.toarray())


@given(TEXTS, TEXTS)
def test_tf_idf_agrees_with_scikit_learn_on_training_and_on_other_texts(training, other):
    theirs = TfidfVectorizer(vocabulary=LETTERS, analyzer=list).fit(training)
    counts, others = count_vectors(training, LETTERS), count_vectors(other, LETTERS)
    for texts, held in ((training, counts), (other, others)):
        expected = theirs.transform(texts).toarray()
        np.testing.assert_allclose(
            TfIdf.fit(counts).transform(held).toarray(), expected, atol=1e-12
        )
        dense = tf_idf(counts.toarray().astype(float), held.toarray().astype(float))
        np.testing.assert_allclose(dense, expected, atol=1e-12)


@given(TEXTS)
def test_sublinear_counts_agree_with_scikit_learn(texts):
    counts = count_vectors(texts, LETTERS)
    theirs = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
    ours = TfIdf.fit(counts, sublinear=True).transform(counts).toarray()
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_idf_by_hand():
    counts = np.array([[1, 1, 0], [2, 0, 0], [1, 0, 0]])
    expected = [1, np.log(4 / 2) + 1, np.log(4 / 1) + 1]
    np.testing.assert_allclose(TfIdf.fit(counts).idf, expected)


def test_other_texts_do_not_change_what_was_learnt():
    weights = TfIdf.fit(np.array([[1, 1], [1, 0]]))
    before = weights.idf.copy()
    weights.transform(np.array([[0, 9]]))
    assert np.array_equal(weights.idf, before)


def test_a_text_without_words_is_zeros():
    assert not tf_idf(np.ones((2, 3)), np.zeros((1, 3))).any()
    assert not TfIdf.fit(np.ones((2, 3))).transform(np.zeros((1, 3))).toarray().any()


def test_the_counts_are_left_as_they_were():
    counts = count_vectors([["a", "b", "a"]], LETTERS).astype(float)
    TfIdf.fit(counts).transform(counts)
    assert counts.toarray()[0, :2].tolist() == [2, 1]


def test_counts_of_another_vocabulary_are_refused():
    with pytest.raises(ShapeError, match="3"):
        TfIdf.fit(np.ones((2, 3))).transform(np.ones((1, 4)))
