import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.vectors import similarity
from course_lib.text.vectors.cosine import cosine_similarity
from course_lib.text.vectors.similarity import analogy_accuracy, nearest, solve_analogies

COMPASS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [1.0, 1.0]])


def test_neighbours_by_hand():
    ids, cosines = nearest(np.array([[1.0, 0.1]]), COMPASS, count=3)
    assert ids.tolist() == [[0, 3, 1]]
    assert np.all(np.diff(cosines) < 0)


def test_of_equal_cosines_the_earlier_item_comes_first():
    same = np.array([[2.0, 0.0], [0.0, 1.0], [1.0, 0.0], [3.0, 0.0]])
    assert nearest(same[:1], same, count=3)[0].tolist() == [[0, 2, 3]]
    assert nearest(same[:1], same, count=1)[0].tolist() == [[0]]


def test_an_excluded_item_is_never_returned():
    ids, _ = nearest(COMPASS, COMPASS, count=3, excluded=np.arange(4)[:, None])
    assert all(row not in found for row, found in enumerate(ids.tolist()))


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_neighbours_are_those_of_a_full_sort(count, seed):
    rng = np.random.default_rng(seed)
    queries, vectors = rng.normal(size=(5, 3)), rng.normal(size=(12, 3))
    full = np.argsort(-cosine_similarity(queries, vectors), axis=1, kind="stable")[:, :count]
    assert nearest(queries, vectors, count)[0].tolist() == full.tolist()


def test_many_queries_are_answered_in_blocks_as_in_one(monkeypatch):
    rng = np.random.default_rng(0)
    queries, vectors = rng.normal(size=(9, 4)), rng.normal(size=(6, 4))
    banned = rng.integers(6, size=(9, 2))
    whole = nearest(queries, vectors, 3, banned)
    monkeypatch.setattr(similarity, "BLOCK", 12)
    parts = nearest(queries, vectors, 3, banned)
    assert np.array_equal(whole[0], parts[0])
    np.testing.assert_allclose(whole[1], parts[1])


@pytest.mark.parametrize("count", [0, 4])
def test_an_impossible_count_is_refused(count):
    with pytest.raises(InputError, match="from 1 to 3"):
        nearest(COMPASS, COMPASS, count, excluded=np.arange(4)[:, None])


def test_an_analogy_takes_the_step_from_a_to_b_again_from_c():
    vectors = np.array(
        [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1, 1, 1]]
    )
    assert solve_analogies(vectors, np.array([[0, 1, 2], [1, 0, 3]])).tolist() == [3, 2]


def test_the_words_of_the_question_are_never_the_answer():
    rng = np.random.default_rng(3)
    questions = rng.integers(8, size=(50, 3))
    answers = solve_analogies(rng.normal(size=(8, 2)), questions)
    assert all(answer not in question for answer, question in zip(answers, questions, strict=True))


def test_the_length_of_a_vector_changes_no_answer():
    rng = np.random.default_rng(4)
    vectors, questions = rng.normal(size=(9, 4)), rng.integers(9, size=(20, 3))
    stretched = vectors * rng.uniform(0.1, 10, size=(9, 1))
    assert (
        solve_analogies(vectors, questions).tolist()
        == solve_analogies(stretched, questions).tolist()
    )


def test_analogies_agree_with_gensim():
    from gensim.models import KeyedVectors

    rng = np.random.default_rng(5)
    vectors, words = rng.normal(size=(10, 6)).astype(np.float32), [f"w{i}" for i in range(10)]
    theirs = KeyedVectors(6)
    theirs.add_vectors(words, vectors)
    questions = np.array([rng.permutation(10)[:3] for _ in range(20)])
    expected = [
        theirs.most_similar(positive=[words[b], words[c]], negative=[words[a]], topn=1)[0][0]
        for a, b, c in questions
    ]
    assert [words[answer] for answer in solve_analogies(vectors, questions)] == expected


def test_accuracy_is_the_share_of_right_answers():
    vectors = np.array([[1.0, 0.0], [1.0, 1.0], [3.0, 0.1], [3.0, 3.2]])
    assert analogy_accuracy(vectors, np.array([[0, 1, 2, 3], [0, 2, 1, 0], [0, 1, 2, 3]])) == 2 / 3


def test_no_question_has_no_accuracy():
    with pytest.raises(InputError, match="at least one"):
        analogy_accuracy(COMPASS, np.zeros((0, 4), int))
