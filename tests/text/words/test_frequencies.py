from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from course_lib.text.words.frequencies import document_frequencies, is_word, word_frequencies

TOKENS = st.lists(st.sampled_from(["The", "the", "cat", "Cat", "。", "猫", "3.14", "don't"]))


def test_equal_counts_stand_in_the_order_of_the_alphabet():
    assert list(word_frequencies(["b", "a", "c", "c"])) == ["c", "a", "b"]


def test_upper_and_lower_case_are_one_word():
    assert word_frequencies(["The", "the", "THE"]) == {"the": 3}


def test_marks_and_numbers_are_no_words():
    assert word_frequencies([".", "3.14", "。", "猫", "A4", ""]) == {"a4": 1, "猫": 1}


def test_a_word_counts_once_in_each_document():
    assert document_frequencies([["a", "a", "A"], ["a", "b"], []]) == {"a": 2, "b": 1}


@given(TOKENS)
def test_the_counts_add_up_to_the_words(tokens):
    frequencies = word_frequencies(tokens)
    assert sum(frequencies.values()) == sum(map(is_word, tokens))
    assert frequencies == Counter(token.lower() for token in tokens if is_word(token))


@given(TOKENS)
def test_the_counts_never_rise(tokens):
    counts = list(word_frequencies(tokens).values())
    assert counts == sorted(counts, reverse=True)


@given(st.lists(TOKENS))
def test_a_word_is_in_as_many_documents_as_hold_it(documents):
    frequencies = document_frequencies(documents)
    lowered = [{token.lower() for token in document} for document in documents]
    assert frequencies == {
        word: sum(word in document for document in lowered) for word in frequencies
    }
