import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib.errors import InputError
from course_lib.text.vectors.noise import negative_distribution

COUNTS = arrays(np.int64, st.integers(1, 20), elements=st.integers(1, 10**6))


def test_probabilities_by_hand():
    np.testing.assert_allclose(negative_distribution(np.array([0, 1, 16, 16])), [0, *(x / 17 for x in (1, 8, 8))])  # fmt: skip  # noqa: E501


@given(COUNTS, st.floats(0, 2))
def test_probabilities_sum_to_one_and_keep_the_order_of_the_counts(counts, exponent):
    probabilities = negative_distribution(counts, exponent)
    assert probabilities.sum() == pytest.approx(1)
    assert (np.diff(probabilities[np.argsort(counts)]) >= 0).all()


@given(COUNTS)
def test_exponents_nought_and_one_are_even_and_plain_frequency(counts):
    np.testing.assert_allclose(negative_distribution(counts, 0.0), 1 / len(counts))
    np.testing.assert_allclose(negative_distribution(counts, 1.0), counts / counts.sum())


def test_gensims_table_of_negatives_holds_the_same_probabilities():
    from gensim.models import Word2Vec

    model = Word2Vec([["a"] * 50 + ["b"] * 9 + ["c"] * 3], vector_size=4, min_count=1, epochs=1)
    counts = np.array([model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key])
    ours = np.cumsum(negative_distribution(counts))
    np.testing.assert_allclose(ours, model.cum_table / model.cum_table[-1], atol=1e-8)


@pytest.mark.parametrize("counts", [[0, 0], [3, -1], []])
def test_counts_that_give_no_distribution_are_refused(counts):
    with pytest.raises(InputError, match="not all zero"):
        negative_distribution(np.array(counts, dtype=int))
