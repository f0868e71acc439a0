import numpy as np
import pytest

from course_lib.errors import InputError
from course_lib.evaluation import (
    grid,
    log_uniform,
    nested_search,
    random_settings,
    search,
    successive_halving,
)


def generator(seed=0):
    return np.random.default_rng(seed)


def test_a_grid_holds_every_combination_once():
    settings = grid({"a": [1, 2], "b": ["x", "z"], "c": [None]})
    assert len(settings) == len({tuple(one.items()) for one in settings}) == 4


def test_random_settings_come_from_their_space_and_their_generator():
    space = {"rate": log_uniform(1e-4, 1.0), "depth": [1, 2, 3]}
    first, second = (random_settings(space, 200, generator=generator(1)) for _ in range(2))
    assert first == second
    assert {one["depth"] for one in first} == {1, 2, 3}
    decades = np.floor(np.log10([one["rate"] for one in first]))
    assert np.bincount((decades + 4).astype(int)).min() > 30


def test_the_best_comes_first_and_an_undefined_score_last():
    trials = search(grid({"x": [1, 2, 3]}), lambda one: np.nan if one["x"] == 2 else one["x"])
    assert [trial.settings["x"] for trial in trials] == [3, 1, 2]


def test_halving_spends_little_on_what_is_bad():
    spent = []

    def score(one, budget):
        spent.append(budget)
        return one["x"] + generator(one["x"]).normal() / budget

    rounds = successive_halving(grid({"x": list(range(27))}), score, least=10, most=270)
    assert rounds[-1][0].settings["x"] >= 24
    assert [len(trials) for trials in rounds] == [27, 9, 3, 1]
    assert sum(spent) < 0.2 * 27 * 270


def test_halving_of_one_setting_is_one_full_trial():
    rounds = successive_halving([{"x": 1}], lambda one, budget: budget, least=4, most=4)
    assert [trial.score for trial in rounds[-1]] == [4.0]


def test_nested_validation_does_not_believe_luck():
    # settings that differ by luck alone: each is right by a coin of its own for each example
    coins = generator(3).integers(0, 2, (60, 80))

    def score(one, train, test):
        return float(coins[one["x"], test].mean())

    settings = grid({"x": list(range(60))})
    result = nested_search(settings, score, 80, outer=4, inner=2, generator=generator())
    assert result.optimism > 0.05
    assert abs(result.score - 0.5) < 0.15
    assert len(result.choices) == 4


def test_the_outer_test_takes_no_part_in_the_choice():
    tested = []

    def score(one, train, test):
        assert not set(train) & set(test)
        tested.append((set(train.tolist()), set(test.tolist())))
        return 0.0

    nested_search([{}, {"x": 1}], score, 12, outer=3, inner=2, generator=generator())
    for start in range(0, len(tested), 5):  # two settings in two inner folds, then the outer one
        *inner, (_, outside) = tested[start : start + 5]
        assert all(not outside & (train | test) for train, test in inner)


def test_bad_input_gets_a_sentence():
    with pytest.raises(InputError, match="values of a"):
        grid({"a": []})
    with pytest.raises(InputError, match="values of a"):
        grid({"a": "text"})
    with pytest.raises(InputError, match="at least one"):
        search([], lambda one: 0.0)
    with pytest.raises(InputError, match="budgets"):
        successive_halving([{}], lambda one, budget: 0.0, least=5, most=2)
    with pytest.raises(InputError, match="number of settings"):
        random_settings({}, 0, generator=generator())
    with pytest.raises(InputError, match="bounds"):
        log_uniform(0.0, 1.0)
