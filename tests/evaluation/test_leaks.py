import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import StandardScaler

from course_lib.errors import DataError, InputError
from course_lib.evaluation import (
    check_fitted_on_train,
    find_leaks,
    fitted_on,
    jaccard,
    minhash,
    near_duplicates,
    same_arrays,
    shingles,
)

WORDS = [
    "we",
    "count",
    "pairs",
    "of",
    "words",
    "and",
    "merge",
    "them",
    "into",
    "longer",
    "pieces",
    "until",
    "no",
    "pair",
    "is",
    "left",
]


def texts(count, seed=0):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 12)) for _ in range(count)]


def test_shingles_by_hand():
    assert shingles("AbcD", 3) == {"abc", "bcd"}
    assert shingles("学习语言", 2) == {"学习", "习语", "语言"}
    assert shingles("ab", 5) == {"ab"}


@given(st.floats(0, 1), st.integers(0, 100))
def test_equal_minima_estimate_the_likeness(share, seed):
    rng = np.random.default_rng(seed)
    common = int(100 * share)
    pieces = [f"{seed}-{n}" for n in rng.permutation(300)]
    one = frozenset(pieces[:100])
    other = frozenset(pieces[100 - common : 200 - common])
    rows = minhash([one, other], 512)
    assert (rows[0] == rows[1]).mean() == pytest.approx(jaccard(one, other), abs=0.12)


def test_a_signature_does_not_depend_on_what_lies_beside_it():
    sets = [shingles(text) for text in texts(50)] + [frozenset()]
    together = minhash(sets)
    assert all(
        np.array_equal(minhash([one])[0], row) for one, row in zip(sets, together, strict=True)
    )


@pytest.mark.parametrize("threshold", [0.4, 0.7, 1.0])
def test_near_duplicates_are_those_that_comparing_all_pairs_finds(threshold):
    first = texts(60)
    second = [*texts(30, seed=1), *(text.replace("pairs", "pair") for text in first[:30])]
    found = {(pair.first, pair.second) for pair in near_duplicates(first, second, threshold)}
    sets = [shingles(text) for text in first], [shingles(text) for text in second]
    likeness = np.array([[jaccard(one, other) for other in sets[1]] for one in sets[0]])
    alike = set(zip(*map(tuple, np.nonzero(likeness >= threshold)), strict=True))
    assert found <= alike
    assert len(found) >= 0.97 * len(alike)
    assert found


def test_a_text_is_no_duplicate_of_itself():
    assert near_duplicates(
        ["one and the same", "quite another", "one and the same"], None, 0.9
    ) == [(0, 2, 1.0)]


def test_leaks_are_found_in_both_languages():
    train = ["今天天气很好，我们去公园散步。", "a sentence about nothing in particular", "x"]
    test = ["今天天气很好，我们去公园散步！", "A sentence about nothing in particular.", "x", "new"]
    report = find_leaks(train, test, threshold=0.6)
    assert report.leaked == (0, 1, 2)
    assert [pair.second for pair in report.exact] == [2]
    with pytest.raises(DataError, match="3 of 4"):
        report.check()


def test_a_clean_split_passes():
    report = find_leaks(["nothing here"], ["something else entirely"])
    report.check()
    assert report.share == 0.0


def test_equal_images_are_found_whatever_the_sign_of_zero():
    train = np.array([[[0.0, 1.0]], [[2.0, 3.0]]])
    assert same_arrays(train, np.array([[[-0.0, 1.0 + 1e-9]], [[5.0, 5.0]]])) == (0,)


def test_a_vectoriser_fitted_before_the_split_is_caught():
    train, test = texts(20), [*texts(5, seed=3), "unheard"]
    honest, leaking = TfidfVectorizer().fit(train), TfidfVectorizer().fit(train + test)
    check_fitted_on_train(honest, train)
    with pytest.raises(DataError, match="split first"):
        check_fitted_on_train(leaking, train)
    parts = {"train": train, "all": train + test}
    assert (fitted_on(honest, parts), fitted_on(leaking, parts)) == ("train", "all")


class Counter:
    def fit(self, part):
        self.seen_ = getattr(self, "seen_", 0) + len(part)


def test_what_was_learnt_before_does_not_help_the_new_fit():
    counter = Counter()
    counter.fit([1, 2, 3])
    assert fitted_on(counter, {"train": [1, 2, 3]}) == "train"


def test_checking_a_scaler_leaves_it_as_it_was():
    train = np.arange(6.0).reshape(3, 2)
    scaler = StandardScaler().fit(train)
    before = scaler.mean_.copy()
    check_fitted_on_train(scaler, train)
    assert np.array_equal(scaler.mean_, before)
    assert fitted_on(scaler, {"test": train + 1}) is None


def test_bad_input_gets_a_sentence():
    with pytest.raises(InputError, match="texts on both"):
        find_leaks([], ["a"])
    with pytest.raises(InputError, match="threshold"):
        near_duplicates(["a"], ["a"], threshold=0.0)
    with pytest.raises(InputError, match="fit it first"):
        check_fitted_on_train(StandardScaler(), np.zeros((2, 2)))
