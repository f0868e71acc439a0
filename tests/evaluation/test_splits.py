import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import GroupKFold, StratifiedKFold

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import (
    grouped_split,
    k_folds,
    nested_folds,
    random_split,
    stratified_split,
    time_folds,
    time_split,
)

SEEDS = st.integers(0, 1000)
SHARES = st.sampled_from([(0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.7, 0.0, 0.3), (1 / 3, 1 / 3, 1 / 3)])


def generator(seed=0):
    return np.random.default_rng(seed)


def together(split):
    return sorted(np.concatenate(list(split.parts.values())).tolist())


@given(st.integers(30, 200), SHARES, SEEDS)
def test_a_random_split_holds_every_example_once_in_nearly_the_shares(count, shares, seed):
    split = random_split(count, shares, generator=generator(seed))
    assert together(split) == list(range(count))
    for part, share in zip(split.parts.values(), shares, strict=True):
        assert abs(len(part) - share * count) < 1


@given(st.lists(st.integers(0, 3), min_size=1), SHARES, SEEDS)
def test_a_stratified_split_holds_each_class_in_its_share(labels, shares, seed):
    labels = np.array([*labels, *[0, 1, 2, 3] * 5])
    split = stratified_split(labels, shares, generator=generator(seed))
    assert together(split) == list(range(len(labels)))
    for part, share in zip(split.parts.values(), shares, strict=True):
        for name in range(4):
            wanted = share * np.count_nonzero(labels == name)
            assert abs(np.count_nonzero(labels[part] == name) - wanted) <= 1


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), SHARES, SEEDS)
def test_a_grouped_split_has_no_group_in_two_parts(groups, shares, seed):
    groups = np.array([*groups, *"abcdefgh"])
    split = grouped_split(groups, shares, generator=generator(seed))
    assert together(split) == list(range(len(groups)))
    sides = [set(groups[part]) for part in split.parts.values()]
    assert sum(map(len, sides)) == len(set(groups))
    assert [bool(side) for side in sides] == [share > 0 for share in shares]


def test_many_small_groups_come_near_to_the_shares():
    groups = np.repeat(np.arange(200), generator().integers(1, 6, 200))
    split = grouped_split(groups, generator=generator())
    shares = [len(part) / len(groups) for part in split.parts.values()]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.01)


@given(st.lists(st.integers(0, 50), min_size=40))
def test_a_split_by_time_never_looks_ahead(times):
    times = np.array([*times, *range(100)])
    split = time_split(times)
    assert together(split) == list(range(len(times)))
    assert times[split.train].max() < times[split.validation].min()
    assert times[split.validation].max() < times[split.test].min()


@given(st.integers(2, 6), SEEDS)
def test_folds_test_each_example_once(k, seed):
    folds = k_folds(17, k, generator=generator(seed))
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(17))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        assert len(fold.train) + len(fold.test) == 17
        assert abs(len(fold.test) - 17 / k) < 1


def test_stratified_folds_hold_what_scikit_learns_hold():
    labels = generator(1).choice(3, 100, p=[0.7, 0.2, 0.1])
    ours = k_folds(100, 5, generator=generator(), labels=labels)
    theirs = StratifiedKFold(5).split(labels, labels)
    for fold, (_, test) in zip(ours, theirs, strict=True):
        difference = np.bincount(labels[fold.test]) - np.bincount(labels[test])
        assert np.abs(difference).max() <= 1


def test_stratified_folds_are_of_equal_size_however_many_classes_there_are():
    labels = np.repeat(np.arange(10), 6)  # six of each over five folds: one of each is left
    folds = k_folds(60, 5, generator=generator(), labels=labels)
    assert [len(fold.test) for fold in folds] == [12] * 5


def test_grouped_folds_are_as_even_as_scikit_learns():
    groups = generator(2).integers(0, 12, 100)
    ours = k_folds(100, 4, generator=generator(), groups=groups)
    theirs = [len(test) for _, test in GroupKFold(4).split(groups, groups=groups)]
    assert sorted(len(fold.test) for fold in ours) == sorted(theirs)
    assert all(not set(groups[fold.train]) & set(groups[fold.test]) for fold in ours)


def test_folds_in_time_train_on_the_past():
    times = generator(3).integers(0, 60, 80)
    for fold in time_folds(times, 4):
        assert times[fold.train].max() < times[fold.test].min()


@given(SEEDS)
def test_inner_folds_lie_in_the_outer_training_part(seed):
    groups = generator(seed).integers(0, 12, 60)
    for fold, folds in nested_folds(60, 3, 2, generator=generator(seed), groups=groups):
        for inner in folds:
            assert set(inner.train) | set(inner.test) == set(fold.train)
            assert not set(groups[inner.test]) & set(groups[inner.train])


def test_the_same_generator_state_gives_the_same_split():
    first, second = (random_split(50, generator=generator(7)) for _ in range(2))
    assert np.array_equal(first.test, second.test)


def test_bad_splits_get_a_sentence():
    rng = generator()
    with pytest.raises(InputError, match="sum to 1"):
        random_split(10, (0.5, 0.1, 0.1), generator=rng)
    with pytest.raises(InputError, match="no part is empty"):
        random_split(2, generator=rng)
    with pytest.raises(InputError, match="join rare classes"):
        stratified_split([0] * 9 + [1], generator=rng)
    with pytest.raises(InputError, match="groups"):
        grouped_split([1, 1, 1], generator=rng)
    with pytest.raises(InputError, match="NaN"):
        time_split([1.0, np.nan, 2.0])
    with pytest.raises(InputError, match="no part is empty"):
        time_split([1, 1, 1, 1])
    with pytest.raises(ShapeError, match="one for each"):
        stratified_split([[0, 1]], generator=rng)
    with pytest.raises(InputError, match="number of folds"):
        k_folds(3, 4, generator=rng)
    with pytest.raises(InputError, match="both"):
        k_folds(4, 2, generator=rng, labels=[0] * 4, groups=[0] * 4)
    with pytest.raises(InputError, match="at least 3 examples"):
        k_folds(6, 3, generator=rng, labels=[0, 0, 0, 0, 1, 1])
    with pytest.raises(InputError, match="one a fold"):
        k_folds(6, 3, generator=rng, groups=[0, 0, 0, 1, 1, 1])
    with pytest.raises(InputError, match="one for each"):
        k_folds(6, 3, generator=rng, labels=[0, 1])
    with pytest.raises(InputError, match="moments"):
        time_folds([1, 1, 1], 2)
