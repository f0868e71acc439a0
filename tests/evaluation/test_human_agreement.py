import numpy as np
import pytest

from course_lib.data import sentiment_lexicon
from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import category_counts, fleiss_kappa, metrics, rater_spread


def test_fleiss_kappa_of_the_published_table():
    # Fleiss 1971, as on many pages: 14 raters, 10 items, five categories
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    assert fleiss_kappa(table) == pytest.approx(0.210, abs=0.0005)


def test_raters_who_agree_wholly_and_raters_who_throw_dice():
    rng = np.random.default_rng(0)
    assert fleiss_kappa(category_counts(np.repeat(rng.integers(0, 3, (50, 1)), 4, axis=1))) == 1.0
    assert abs(fleiss_kappa(category_counts(rng.integers(0, 3, (2000, 4))))) < 0.02
    assert np.isnan(fleiss_kappa([[3, 0], [3, 0]]))


def test_two_raters_with_equal_shares_agree_as_cohen_says():
    first, second = [0, 0, 1, 1, 0, 1], [0, 1, 1, 0, 0, 1]
    counts = category_counts(np.stack([first, second], axis=1))
    assert fleiss_kappa(counts) == pytest.approx(metrics.kappa(first, second))


def test_the_lexicons_raters_agree_on_the_sign_more_than_on_the_strength():
    ratings = np.array([entry.ratings for entry in sentiment_lexicon().values()])
    spread = rater_spread(ratings)
    means = [entry.mean for entry in sentiment_lexicon().values()]
    assert np.allclose(spread.means, means, atol=0.11)
    assert spread.human_sign > 0.93
    assert 0.7 < spread.human_correlation < 0.95
    assert 0.5 < spread.typical < 1.5
    strengths = fleiss_kappa(category_counts(ratings))
    signs = fleiss_kappa(category_counts(np.sign(ratings)))
    assert strengths < 0.5 < signs


def test_bad_input_gets_a_sentence():
    with pytest.raises(ShapeError, match="rater"):
        rater_spread([1, 2, 3])
    with pytest.raises(InputError, match="at least two"):
        rater_spread([[1], [2]])
    with pytest.raises(InputError, match="NaN"):
        rater_spread([[1.0, np.nan]])
    with pytest.raises(InputError, match="same number"):
        fleiss_kappa([[2, 0], [1, 0]])
    with pytest.raises(InputError, match="one of"):
        category_counts([["a", "b"]], categories=["a"])
