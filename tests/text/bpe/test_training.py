import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from course_lib.text.bpe.byte_alphabet import from_visible, visible
from course_lib.text.bpe.training import train_by_definition, train_merges

counts = st.integers(1, 5)
crowded = st.dictionaries(st.text("ab", max_size=12).map(str.encode), counts, max_size=8)
anything = st.dictionaries(st.binary(max_size=9), counts, max_size=8)
both = pytest.mark.parametrize("train", [train_merges, train_by_definition])


@both
def test_four_words_by_hand(train):
    words = {b"low": 5, b"lower": 2, b"widest": 3, b"newest": 6}
    merges = [b" ".join(pair).decode() for pair in train(words, 12)]
    assert merges[:6] == ["s t", "e st", "o w", "l ow", "w est", "n e"]  # s t, e s: nine times each
    assert merges[6:] == ["ne west", "w i", "wi d", "wid est", "low e", "lowe r"]


@both
def test_of_equally_frequent_pairs_the_greater_in_bytes_is_merged(train):
    assert train({b"ab": 2, b"ba": 2, b"cd": 1}, 3) == [(b"b", b"a"), (b"a", b"b"), (b"c", b"d")]
    assert train({b"a\xffb": 1}, 1) == [(b"\xff", b"b")]


@both
def test_a_longer_token_is_greater_than_its_beginning(train):
    words = {b"ab": 9, b"abc": 2, b"ac": 2}  # after ab: (ab, c) and (a, c), twice each
    assert train(words, 2) == [(b"a", b"b"), (b"ab", b"c")]


@both
def test_merging_never_overlaps(train):
    assert train({b"aaa": 1}, 9) == [(b"a", b"a"), (b"aa", b"a")]
    assert train({b"aaaaa": 1}, 9) == [(b"a", b"a"), (b"aa", b"aa"), (b"aaaa", b"a")]


@both
def test_no_merge_crosses_a_word(train):
    assert train({b"a": 9, b"b": 9}, 5) == []
    assert train({}, 5) == []


@given(words=crowded | anything, merges=st.integers(0, 40))
def test_keeping_counts_gives_what_counting_anew_gives(words, merges):
    assert train_merges(words, merges) == train_by_definition(words, merges)


@given(words=crowded | anything)
def test_no_two_merges_make_the_same_token(words):
    tokens = [left + right for left, right in train_merges(words, 60)]
    assert len(set(tokens)) == len(tokens)


def test_the_merges_are_those_of_tokenizers_where_no_counts_tie():
    generator = np.random.default_rng(5)  # of these words, no two best pairs tie for 40 merges
    sizes, counts = generator.integers(2, 8, 300), generator.integers(1, 60, 300)
    words = {
        bytes(generator.choice(list(b"abcdef"), size).tolist()): int(n)
        for size, n in zip(sizes, counts, strict=True)
    }
    oracle = Tokenizer(models.BPE())
    oracle.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    texts = [" ".join([word.decode()] * count) for word, count in words.items()]
    oracle.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=46, show_progress=False))
    theirs = [tuple(pair) for pair in json.loads(oracle.to_str())["model"]["merges"]]
    ours = [(visible(left), visible(right)) for left, right in train_merges(words, 40)]
    assert ours == theirs


@given(token=st.binary(max_size=20))
def test_the_visible_alphabet_gives_the_bytes_back(token):
    assert from_visible(visible(token)) == token


def test_the_visible_alphabet_is_that_of_tokenizers():
    assert {visible(bytes([byte])) for byte in range(256)} == set(
        pre_tokenizers.ByteLevel.alphabet()
    )
