import numpy as np
import pytest
import scipy.stats as oracle
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import (
    benjamini_hochberg,
    bootstrap,
    bootstrap_scores,
    confusion_statistics,
    examples_for_difference,
    examples_for_paired_difference,
    fit_error_law,
    holm,
    learning_curve,
    mcnemar,
    metrics,
    paired_bootstrap,
    permutation_test,
    wilson,
)

P_VALUES = st.lists(
    st.floats(0, 1) | st.sampled_from([0.005, 0.01, 0.011, 0.03, 0.031, 0.05]),
    min_size=1,
    max_size=12,
)


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("right", "count"), [(0, 10), (7, 10), (10, 10), (93, 100), (1, 1)])
def test_wilsons_interval_is_scipys(right, count):
    theirs = oracle.binomtest(right, count).proportion_ci(method="wilson")
    ours = wilson(right, count)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert ours.estimate in ours


def test_the_bootstrap_agrees_with_scipys_for_a_mean():
    values = generator(1).gamma(2.0, size=80)
    ours = bootstrap(values, generator=generator(), resamples=20_000)
    theirs = oracle.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=generator(3)
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
    assert ours.estimate == pytest.approx(values.mean())


def test_drawing_equal_examples_together_changes_nothing_but_the_speed():
    right = np.repeat([1.0, 0.0], [150, 50])
    apart = np.stack([right, np.ones(200)], axis=1) + np.arange(200)[:, None] * 1e-9
    together = bootstrap_scores(right, generator=generator(), resamples=20_000)
    alone = bootstrap_scores(apart, generator=generator(), resamples=20_000)
    assert together.std() == pytest.approx(alone.std(), rel=0.03)
    assert together.std() == pytest.approx(np.sqrt(0.75 * 0.25 / 200), rel=0.03)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = generator(5)
    samples = (rng.random((300, 120)) < 0.8).astype(float)
    inside = [0.8 in bootstrap(one, generator=rng, resamples=500) for one in samples]
    assert 0.90 <= np.mean(inside) <= 0.98


def test_a_score_of_labels_is_bootstrapped_by_its_cells():
    rng = generator(2)
    targets = rng.choice(3, 300, p=[0.7, 0.2, 0.1])
    predictions = np.where(rng.random(300) < 0.7, targets, rng.integers(0, 3, 300))
    statistics, macro_f1 = confusion_statistics(predictions, targets)
    interval = bootstrap(statistics, macro_f1, generator=generator(), resamples=4000)
    assert interval.estimate == pytest.approx(metrics.f1(predictions, targets))
    chosen = rng.integers(300, size=(800, 300))
    plain = [metrics.f1(predictions[row], targets[row]) for row in chosen]
    expected = np.quantile(plain, [0.025, 0.975])
    assert (interval.low, interval.high) == pytest.approx(expected, abs=0.02)


def test_a_corpus_score_is_bootstrapped_by_its_sums():
    predictions = ["the cat sat on the mat", "a dog ran", "we count words here", "no match"] * 5
    references = ["the cat sat on a mat", "a dog ran fast", "we count some words", "a b c d"] * 5
    counts = metrics.bleu_counts(predictions, references)
    interval = bootstrap(counts, metrics.bleu_of, generator=generator(), resamples=500)
    assert interval.estimate == pytest.approx(metrics.bleu(predictions, references))
    assert interval.low < interval.estimate < interval.high


def test_strata_keep_their_sizes():
    values = np.repeat([0.0, 1.0], [30, 10])
    scores = bootstrap_scores(values, generator=generator(), resamples=50, strata=values)
    assert np.allclose(scores, 0.25)


def test_pairing_narrows_the_interval_of_a_difference():
    rng = generator(4)
    hard = rng.random(400)
    first, second = (hard < 0.80).astype(float), (hard < 0.76).astype(float)
    paired = paired_bootstrap(first, second, generator=generator())
    apart = paired_bootstrap(first, rng.permutation(second), generator=generator())
    assert paired.estimate == apart.estimate == pytest.approx(first.mean() - second.mean())
    assert paired.high - paired.low < 0.6 * (apart.high - apart.low)
    assert 0.0 not in paired


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 5))
def test_mcnemar_is_the_binomial_test_of_the_disagreements(first, second, both):
    one = [1] * first + [0] * second + [1] * (both + 1)
    other = [0] * first + [1] * second + [1] * (both + 1)
    got = mcnemar(one, other).p_value
    expected = oracle.binomtest(first, first + second).pvalue if first + second else 1.0
    assert got == pytest.approx(expected)


def test_the_permutation_test_is_scipys():
    rng = generator(6)
    for count in (6, 40):
        first = rng.normal(0.3, 1, count)
        second = rng.normal(0.0, 1, count)
        theirs = oracle.permutation_test(
            (first, second), lambda x, y, axis: (x - y).mean(axis=axis),
            permutation_type="samples", vectorized=True, n_resamples=20_000, rng=rng,
        )  # fmt: skip
        ours = permutation_test(first, second, generator=rng, rounds=20_000)
        assert ours.p_value == pytest.approx(theirs.pvalue, abs=0.02)
        assert ours.statistic == pytest.approx(theirs.statistic)


def test_equal_models_are_not_different():
    assert permutation_test([1.0, 2.0], [1.0, 2.0], generator=generator()).p_value == 1.0
    assert mcnemar([1, 0], [1, 0]).p_value == 1.0


def test_no_p_value_is_zero():
    assert (
        permutation_test([1.0] * 50, [0.0] * 50, generator=generator(), rounds=99).p_value == 0.01
    )


@given(P_VALUES)
def test_benjamini_hochberg_is_scipys(p_values):
    assert np.allclose(benjamini_hochberg(p_values), oracle.false_discovery_control(p_values))


@given(P_VALUES, st.sampled_from([0.01, 0.05, 0.3]))
def test_holm_rejects_what_its_steps_reject(p_values, level):
    rejected = np.zeros(len(p_values), bool)
    for step, place in enumerate(np.argsort(p_values, kind="stable")):
        if p_values[place] > level / (len(p_values) - step):
            break
        rejected[place] = True
    adjusted = holm(p_values)
    near = np.isclose(adjusted, level, rtol=1e-9)
    assert np.array_equal((adjusted <= level)[~near], rejected[~near])
    assert (adjusted >= p_values).all()


def test_holm_carries_the_largest_along():
    assert holm([0.03, 0.031, 0.9]) == pytest.approx([0.09, 0.09, 0.9])
    assert holm([0.6, 0.5]).tolist() == [1.0, 1.0]


def test_the_foretold_number_of_examples_finds_the_difference():
    rng = generator(8)
    first_only, second_only = 0.10, 0.04
    count = examples_for_paired_difference(first_only, second_only)
    shares = [first_only, second_only, 1 - first_only - second_only]
    draws = rng.multinomial(count, shares, size=600)
    found = [oracle.binomtest(int(one), int(one + other)).pvalue < 0.05 for one, other, _ in draws]
    assert 0.72 <= np.mean(found) <= 0.88
    assert count < examples_for_difference(0.90, 0.84)


def test_a_learning_curve_trains_on_growing_parts_of_one_order():
    seen = []

    def score(chosen):
        seen.append(set(chosen.tolist()))
        return len(chosen) / 100

    curve = learning_curve(score, 100, [10, 50], generator=generator(), repetitions=2)
    assert curve.scores.tolist() == [[0.1, 0.1], [0.5, 0.5]]
    assert seen[0] < seen[2]
    assert seen[1] < seen[3]


def test_the_error_law_is_found_through_noise():
    sizes = np.array([50, 100, 200, 400, 800, 1600])
    errors = 0.05 + 3.0 * sizes**-0.6 + generator().normal(0, 0.001, 6)
    law = fit_error_law(sizes, errors)
    assert law.floor == pytest.approx(0.05, abs=0.01)
    assert law(6400) == pytest.approx(0.05 + 3.0 * 6400**-0.6, abs=0.01)


def test_bad_input_gets_a_sentence():
    rng = generator()
    with pytest.raises(InputError, match="NaN"):
        bootstrap([1.0, np.nan], generator=rng)
    with pytest.raises(InputError, match="at least one example"):
        bootstrap([], generator=rng)
    with pytest.raises(InputError, match="level"):
        bootstrap([1.0, 0.0], generator=rng, level=95.0)
    with pytest.raises(ShapeError, match="strata"):
        bootstrap([1.0, 0.0], generator=rng, strata=[1])
    with pytest.raises(ShapeError, match="second model"):
        paired_bootstrap([1.0], [1.0, 0.0], generator=rng)
    with pytest.raises(ShapeError, match="same examples"):
        mcnemar([1], [1, 0])
    with pytest.raises(InputError, match="right"):
        mcnemar([0.5], [1])
    with pytest.raises(InputError, match="probabilities"):
        holm([0.5, 1.5])
    with pytest.raises(InputError, match="probabilities"):
        benjamini_hochberg([])
    with pytest.raises(InputError, match="two different"):
        examples_for_difference(0.9, 0.9)
    with pytest.raises(InputError, match="sum up to 1"):
        examples_for_paired_difference(0.9, 0.2)
    with pytest.raises(InputError, match="rising"):
        learning_curve(lambda chosen: 0.0, 10, [5, 20], generator=rng)
    with pytest.raises(InputError, match="three sizes"):
        fit_error_law([1, 2], [0.1, 0.2])
    with pytest.raises(InputError, match="right ≤ count"):
        wilson(3, 2)
