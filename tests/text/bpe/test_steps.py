import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import ShapeError
from course_lib.text import BPETokenizer, bytes_per_token
from course_lib.text.bpe.steps import (
    count_pairs,
    decode_tokens,
    encode_word,
    learn_merges,
    merge_pair,
)

words = st.lists(st.tuples(st.text("ab", max_size=8).map(list), st.integers(1, 4)), max_size=5)


def test_pairs_count_as_often_as_their_words():
    assert count_pairs([(["a", "a", "a"], 2), (["b"], 9)]) == {("a", "a"): 4}


@given(tokens=st.lists(st.sampled_from(["a", "b", "ab"])))
def test_merging_joins_every_pair_and_loses_nothing(tokens):
    merged = merge_pair(tokens, ("a", "b"))
    assert "".join(merged) == "".join(tokens)
    assert ("a", "b") not in count_pairs([(merged, 1)])


@given(words=words)
def test_learning_ends_when_each_word_is_a_token(words):
    merges = learn_merges(words, 100)
    assert all(len(encode_word(tokens, merges)) <= 1 for tokens, _ in words)


@given(text=st.text("abc ", max_size=30))
def test_the_tokenizer_encodes_as_the_definition_does(text):
    tokenizer = BPETokenizer.train("abc cab bac " * 3, 264)
    pieces = tokenizer.pattern.split(text)
    by_definition = [
        token
        for piece in pieces
        for token in encode_word([bytes([b]) for b in piece.encode()], tokenizer.merges)
    ]
    assert tokenizer.tokens(text) == by_definition


def test_tokens_are_joined_before_they_are_decoded():
    assert decode_tokens([b"\xe6\x88", b"\x91", b"!"]) == "我!"
    assert decode_tokens([b"\xe6\x88", b"!"]) == "\ufffd!"
    assert decode_tokens([]) == ""


def test_bytes_per_token_weigh_each_token_alike():
    assert bytes_per_token(["a", "bcde"], [["a"], ["b", "c", "d", "e"]]) == 1.0
    assert bytes_per_token(["我", "a"], [["我"], ["a"]]) == 2.0
    assert bytes_per_token([], []) == bytes_per_token([""], [[]]) == 0.0
    with pytest.raises(ShapeError, match="encodings"):
        bytes_per_token(["a"], [])
