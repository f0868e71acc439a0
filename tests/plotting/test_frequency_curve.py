import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress

from course_lib.errors import InputError
from course_lib.plotting.frequency_curve import fit_power_law, frequency_curve


@given(st.floats(-2, -0.3), st.floats(1, 1e6))
def test_an_exact_power_law_is_found_again(slope, constant):
    counts = constant * np.arange(1, 200.0) ** slope
    found = fit_power_law(counts)
    assert found == pytest.approx((slope, constant), rel=1e-6)


def test_the_fit_agrees_with_scipys_regression():
    counts = np.random.default_rng(1).zipf(1.7, size=500)
    falling = np.sort(counts)[::-1][9:300]
    expected = linregress(np.log(np.arange(10, 10 + len(falling))), np.log(falling))
    slope, constant = fit_power_law(counts, last_rank=300)
    assert slope == pytest.approx(expected.slope)
    assert constant == pytest.approx(np.exp(expected.intercept))


def test_the_order_of_the_counts_and_zeros_do_not_matter():
    counts = [100 // rank for rank in range(1, 40)]
    assert fit_power_law([0, *counts[::-1], 0]) == fit_power_law(counts)


def test_too_few_words_between_the_ranks_are_refused():
    with pytest.raises(InputError, match="at least two words"):
        fit_power_law([3, 2, 1])


def test_both_axes_are_logarithmic_and_the_slope_is_told(words):
    figure = frequency_curve({"English": 6000 / np.arange(1, 100)}, title="Zipf was right")
    assert (figure.axes[0].get_xscale(), figure.axes[0].get_yscale()) == ("log", "log")
    assert "English (−1.00)" in words(figure)


def test_no_language_is_refused():
    with pytest.raises(InputError, match="at least one language"):
        frequency_curve({}, title="Nothing")
