import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import DataError, InputError
from course_lib.text import Vocabulary

TEXTS = [["b", "a", "b"], ["c", "a"], ["d"]]
TOKENS = st.lists(st.lists(st.text("abcdef", min_size=1, max_size=2)))


def test_frequent_tokens_come_first_and_ties_in_the_order_of_characters():
    assert Vocabulary.from_texts(TEXTS).tokens[4:] == ("a", "b", "c", "d")
    assert Vocabulary.from_texts([*TEXTS, ["d", "d"]]).tokens[4:] == ("d", "a", "b", "c")


def test_padding_is_zero():
    assert Vocabulary.from_texts([]).encode(["x"]) == [1]
    assert Vocabulary.from_texts([]).id("<pad>") == 0


def test_rare_tokens_and_those_beyond_the_size_get_no_number():
    vocabulary = Vocabulary.from_texts(TEXTS, min_count=2)
    assert vocabulary.tokens[4:] == ("a", "b")
    assert vocabulary.counts == (0, 2, 0, 0, 2, 2)
    assert len(Vocabulary.from_texts(TEXTS, max_size=5)) == 5
    assert Vocabulary.from_texts(TEXTS, max_size=4).tokens[4:] == ()


def test_a_text_cannot_forge_a_special_token():
    vocabulary = Vocabulary.from_texts([["<eos>", "a"]])
    assert vocabulary.tokens[4:] == ("a",)
    assert vocabulary.encode(["<eos>", "a"]) == [1, 4]
    assert vocabulary.counts[1] == 1


@given(TOKENS)
def test_known_tokens_come_back(texts):
    vocabulary = Vocabulary.from_texts(texts)
    assert all(vocabulary.decode(vocabulary.encode(text)) == text for text in texts)


@given(TOKENS, st.integers(0, 99))
def test_the_order_of_the_texts_does_not_matter(texts, seed):
    shuffled = random.Random(seed).sample(texts, len(texts))
    assert Vocabulary.from_texts(texts) == Vocabulary.from_texts(shuffled)


@given(TOKENS)
def test_counts_agree_with_scikit_learn(texts):
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = Vocabulary.from_texts(texts, special_tokens=())
    if not vocabulary.tokens:
        return
    theirs = CountVectorizer(analyzer=list)
    totals = theirs.fit_transform(texts).sum(axis=0).A1
    expected = dict(zip(theirs.get_feature_names_out(), totals, strict=True))
    assert dict(zip(vocabulary.tokens, vocabulary.counts, strict=True)) == expected


def test_decoding_can_leave_special_tokens_out():
    vocabulary = Vocabulary.from_texts([["a"]])
    assert vocabulary.decode([2, 4, 3, 0], skip_special=True) == ["a"]
    assert vocabulary.decode([2, 4, 3, 0]) == ["<bos>", "a", "<eos>", "<pad>"]


@pytest.mark.parametrize("number", [-1, 5])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(InputError, match="from 0 to 4"):
        Vocabulary.from_texts([["a"]]).decode([number])


def test_without_unk_an_unknown_token_is_refused():
    vocabulary = Vocabulary.from_texts([["a"]], special_tokens=("<pad>",))
    assert vocabulary.encode(iter(["a"])) == [1]
    with pytest.raises(InputError, match="'b'"):
        vocabulary.encode(iter(["a", "b"]))
    with pytest.raises(InputError, match="'b'"):
        vocabulary.id("b")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"tokens": ("a", "a"), "special_tokens": ()}, "'a' twice"),
        ({"tokens": ("a",)}, "first tokens"),
        ({"tokens": ("a",), "special_tokens": (), "counts": (1, 2)}, "the counts"),
    ],
)
def test_a_contradictory_vocabulary_is_refused(fields, complaint):
    with pytest.raises(InputError, match=complaint):
        Vocabulary(**fields)


def test_a_size_without_room_for_special_tokens_is_refused():
    with pytest.raises(InputError, match="at least 4"):
        Vocabulary.from_texts(TEXTS, max_size=3)


def test_a_saved_vocabulary_comes_back(tmp_path):
    vocabulary = Vocabulary.from_texts([["猫", "\n", "a b", "\ud7ff"], ["猫"]])
    vocabulary.save(tmp_path / "v.json")
    assert Vocabulary.load(tmp_path / "v.json") == vocabulary


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}"]
    + [
        json.dumps({"format": "course_lib vocabulary 1", "special_tokens": [], **fields})
        for fields in (
            {"tokens": ["a"]},
            {"tokens": "abc", "counts": []},
            {"tokens": ["a", 1], "counts": []},
            {"tokens": ["a"], "counts": [1.5]},
            {"tokens": ["a"], "counts": [True]},
            {"tokens": ["a", "a"], "counts": []},
        )
    ],
)
def test_a_foreign_file_is_refused(tmp_path, content):
    (tmp_path / "v.json").write_text(content)
    with pytest.raises(DataError, match=r"vocabulary"):
        Vocabulary.load(tmp_path / "v.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"v\.json"):
        Vocabulary.load(tmp_path / "v.json")
