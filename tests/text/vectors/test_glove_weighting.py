import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_lib.text.vectors.glove_weighting import glove_weight

COUNTS = arrays(np.float64, array_shapes(max_dims=3), elements=st.floats(0, 1e6))


def test_weights_by_hand():
    counts = np.array([[0.0, 1.0], [16.0, 81.0], [625.0, 1e9]])
    expected = [[0, 1 / 125], [8 / 125, 27 / 125], [1, 1]]
    np.testing.assert_allclose(glove_weight(counts, x_max=625.0), expected)


@given(COUNTS, st.floats(1, 1e3), st.floats(0.1, 2))
def test_weights_lie_between_nought_and_one_and_never_fall(counts, x_max, exponent):
    weights = glove_weight(counts, x_max, exponent)
    assert weights.shape == counts.shape
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights.ravel()[np.argsort(counts.ravel())]) >= 0).all()
    assert (weights[counts >= x_max] == 1).all()
