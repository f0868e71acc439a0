import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib.errors import DataError, InputError, ShapeError
from course_lib.text import WordVectors
from course_lib.text.vectors import vector_files

SMALL = WordVectors(
    ("cat", "dog", "猫"), np.array([[1.0, 0.5], [0.1, -2.0], [1e-8, 3e20]], np.float32)
)
NUMBERS = arrays(np.float32, (3, 4), elements=st.floats(-(2.0**99), 2.0**99, width=32))


def gensims_glove():
    from pathlib import Path

    import gensim

    return Path(gensim.__file__).parent / "test" / "test_data" / "test_glove.txt"


def test_words_and_rows_must_be_equally_many():
    with pytest.raises(ShapeError, match="2 rows"):
        WordVectors(("a", "b"), np.zeros((3, 2)))


def test_a_word_may_come_only_once():
    with pytest.raises(InputError, match="once"):
        WordVectors(("a", "a"), np.zeros((2, 2)))


def test_diverged_vectors_are_refused():
    with pytest.raises(InputError, match="diverged"):
        WordVectors(("a",), np.array([[np.nan, 0.0]]))


def test_an_unknown_word_is_answered_with_near_ones():
    with pytest.raises(InputError, match="did you mean cat"):
        SMALL["cats"]


def test_a_word_has_its_row():
    assert SMALL["dog"].tolist() == SMALL.matrix[1].tolist()
    assert "dog" in SMALL
    assert "bird" not in SMALL
    assert len(SMALL) == 3


def test_the_nearest_words_leave_out_the_word_itself():
    assert [word for word, _ in SMALL.most_similar("cat", 2)] == ["猫", "dog"]


def test_only_questions_with_known_words_are_asked():
    vectors = WordVectors(tuple("abcd"), np.array([[1, 0.0], [1, 1], [3, 0.1], [3, 3.2]]))
    assert vectors.analogy_score([list("abcd"), list("abcx"), list("acba")]) == (0.5, 2)


@given(NUMBERS)
def test_both_formats_give_back_every_number(tmp_path_factory, matrix):
    path = tmp_path_factory.mktemp("vectors") / "v.txt"
    vectors = WordVectors(("a", "b", "c"), matrix)
    for save in (vectors.save_word2vec, vectors.save_glove):
        save(path)
        assert WordVectors.load(path).words == vectors.words
        assert np.array_equal(WordVectors.load(path).matrix, matrix)


def test_gensim_reads_what_we_write_and_we_read_what_gensim_writes(tmp_path):
    from gensim.models import KeyedVectors

    SMALL.save_word2vec(tmp_path / "ours.txt")
    theirs = KeyedVectors.load_word2vec_format(str(tmp_path / "ours.txt"))
    assert theirs.index_to_key == list(SMALL.words)
    assert np.array_equal(theirs.vectors, SMALL.matrix)
    theirs.save_word2vec_format(str(tmp_path / "theirs.txt"))
    assert np.array_equal(WordVectors.load(tmp_path / "theirs.txt").matrix, SMALL.matrix)


@pytest.mark.filterwarnings(
    "ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_published_glove_file_is_read_as_gensim_reads_it():
    from gensim.models import KeyedVectors

    theirs = KeyedVectors.load_word2vec_format(str(gensims_glove()), no_header=True)
    ours = WordVectors.load(gensims_glove())
    assert list(ours.words) == theirs.index_to_key
    assert np.array_equal(ours.matrix, theirs.vectors)


def test_a_limit_keeps_the_first_words():
    assert (
        WordVectors.load(gensims_glove(), limit=5).words
        == WordVectors.load(gensims_glove()).words[:5]
    )
    with pytest.raises(InputError, match="at least 1"):
        WordVectors.load(gensims_glove(), limit=0)


def test_the_first_of_two_equal_words_counts_and_a_word_may_hold_spaces(tmp_path):
    (tmp_path / "v.txt").write_text("a 1 2\na 3 4\n. . 5 6\n")
    vectors = WordVectors.load(tmp_path / "v.txt")
    assert vectors.words == ("a", ". .")
    assert vectors["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "at least one line"),
        (b"2 3\na 1 2 3\n", "cut off"),
        (b"a 1 2\nb 1\n", "line 2"),
        (b"a 1 2\nb 1 x\n", "line 2"),
        (b"a 1 nan\n", "finite"),
        (b"a 1 1e39\n", "finite"),
        (b"2 2\n", "2 words"),
        (b"\xff\xfe 1 2\n", "UTF-8"),
        (b"word\n", "line 1"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_broken_file_is_refused_with_its_place(tmp_path, content, complaint):
    (tmp_path / "v.txt").write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        WordVectors.load(tmp_path / "v.txt")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_files, "LONGEST_LINE", 100)
    (tmp_path / "v.txt").write_bytes(b"a" * 101)
    with pytest.raises(DataError, match="at most 100 bytes"):
        WordVectors.load(tmp_path / "v.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"v\.txt"):
        WordVectors.load(tmp_path / "v.txt")


@pytest.mark.parametrize("content", [b"2 2\nthe 1 2\ncat 3 4\n", b"the 1 2\ncat 3 4\n"])
def test_a_byte_order_mark_belongs_to_no_word(tmp_path, content):
    (tmp_path / "v.txt").write_bytes(b"\xef\xbb\xbf" + content)
    vectors = WordVectors.load(tmp_path / "v.txt")
    assert vectors.words == ("the", "cat")
    assert vectors.matrix.tolist() == [[1, 2], [3, 4]]


READ = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=4)


@given(st.lists(READ, min_size=1, unique=True))
def test_every_word_that_was_read_can_be_written_and_read_again(tmp_path_factory, words):
    path = tmp_path_factory.mktemp("vectors") / "v.txt"
    lines = [f"{word} 1.5 2.5\n" for word in ["the", *words]]
    path.write_text("".join(lines), "utf-8", newline="\n")
    vectors = WordVectors.load(path)
    assert set(vectors.words) == {"the", *words}
    vectors.save_glove(path)
    assert WordVectors.load(path).words == vectors.words


def test_what_other_programs_would_split_is_refused_in_their_format(tmp_path):
    vectors = WordVectors(("a", ". ."), np.ones((2, 2)))
    with pytest.raises(InputError, match="save_glove"):
        vectors.save_word2vec(tmp_path / "v.txt")


@pytest.mark.parametrize("word", ["\ufeffthe", "two words", "line\nend"])
def test_a_first_word_that_the_format_cannot_hold_is_refused(tmp_path, word):
    with pytest.raises(InputError, match="white space"):
        WordVectors((word,), np.zeros((1, 2))).save_glove(tmp_path / "v.txt")
