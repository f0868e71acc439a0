import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from course_lib.errors import InputError, ShapeError
from course_lib.plotting.canvas import canvas
from course_lib.plotting.embedding_map import embedding_map, principal_components
from course_lib.plotting.labels import place_labels


@settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(3, 8), st.integers(2, 6))
def test_places_and_shares_agree_with_scikit_learns_up_to_sign(seed, items, dimensions):
    vectors = np.random.default_rng(seed).normal(size=(items, dimensions)) + 5
    oracle = PCA(n_components=2, svd_solver="full").fit(vectors)
    places, shares = principal_components(vectors)
    np.testing.assert_allclose(np.abs(places), np.abs(oracle.transform(vectors)), atol=1e-9)
    np.testing.assert_allclose(shares, oracle.explained_variance_ratio_, atol=1e-12)


def test_turning_all_vectors_round_turns_the_map_round():
    vectors = np.random.default_rng(0).normal(size=(6, 4))
    places, _ = principal_components(vectors)
    turned, _ = principal_components(-vectors)
    np.testing.assert_allclose(turned, -places)


def test_equal_vectors_have_no_variance_to_share():
    _, shares = principal_components(np.ones((3, 2)))
    assert shares.tolist() == [0, 0]


def test_more_components_than_there_are_is_refused():
    with pytest.raises(InputError, match="from 1 to 2"):
        principal_components(np.ones((5, 2)), 3)


@pytest.mark.parametrize("wrong", [{"labels": ["a"]}, {"labels": ["a", "b"], "groups": ["x"]}])
def test_numbers_of_names_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ShapeError):
        embedding_map([[1.0, 2.0], [2.0, 1.0]], title="Two", **wrong)


def test_few_names_are_all_written_beside_their_points(words):
    names = ["king", "queen", "apple"]
    shown = words(embedding_map([[1.0, 0], [0.9, 1], [-1, 0]], names, title="Three"))
    assert set(names) <= set(shown)


def test_names_never_cover_each_other_nor_a_point():
    places = np.random.default_rng(3).normal(size=(80, 2))
    with canvas("A crowd") as (figure, axes):
        axes.scatter(*places.T)
        written = place_labels(figure, axes, places, [f"name {n}" for n in range(80)])
    frames = [text.get_window_extent() for text in axes.texts]
    points = axes.transData.transform(places)
    assert 10 < len(written) == len(frames)
    for index, frame in enumerate(frames):
        assert frame.count_overlaps(frames[:index]) == 0
        assert not frame.count_contains(points)
