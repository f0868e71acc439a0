import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics.pairwise import cosine_similarity as sklearns

from course_lib.text.vectors.cosine import (
    cosine_similarity,
    cosine_similarity_by_definition,
    unit_rows,
)

MODERATE = st.floats(-1e3, 1e3).map(lambda number: round(number, 3))


def test_the_same_direction_is_one_the_opposite_minus_one_and_a_right_angle_zero():
    a, b = np.array([[2.0, 0.0]]), np.array([[7.0, 0.0], [-1.0, 0.0], [0.0, 3.0]])
    assert cosine_similarity(a, b).tolist() == [[1.0, -1.0, 0.0]]


def test_a_zero_vector_is_like_nothing():
    zero, other = np.zeros((1, 3)), np.ones((2, 3))
    assert cosine_similarity(zero, other).tolist() == [[0.0, 0.0]]
    assert cosine_similarity(zero, zero).tolist() == [[0.0]]


@given(arrays(float, (2, 3), elements=MODERATE), arrays(float, (4, 3), elements=MODERATE))
def test_it_agrees_with_its_definition_and_with_scikit_learn(a, b):
    np.testing.assert_allclose(
        cosine_similarity(a, b), cosine_similarity_by_definition(a, b), atol=1e-9
    )
    np.testing.assert_allclose(cosine_similarity(a, b), sklearns(a, b), atol=1e-9)


@given(arrays(float, (3, 4), elements=MODERATE), st.floats(1e-3, 1e3))
def test_lengths_do_not_matter(a, factor):
    np.testing.assert_allclose(cosine_similarity(a, a * factor), cosine_similarity(a, a), atol=1e-9)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_very_small_and_very_large_vectors_keep_their_direction(scale):
    np.testing.assert_allclose(unit_rows(np.array([[3.0, 4.0]]) * scale), [[0.6, 0.8]])


def test_no_rows_and_no_columns_are_fine():
    assert unit_rows(np.zeros((0, 3))).shape == (0, 3)
    assert unit_rows(np.zeros((2, 0))).shape == (2, 0)


def test_single_precision_stays_single():
    assert unit_rows(np.ones((2, 2), np.float32)).dtype == np.float32
