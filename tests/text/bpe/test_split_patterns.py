import pickle

import pytest
import regex
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.bpe.split_patterns import GPT2, GPT4, SplitPattern, split_pattern

PUBLISHED = {
    "gpt2": r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""",
    "gpt4": r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"""
    r""" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
}
mixed = st.text("ab S'stlve0123.,!我们\n\r\t \u3000é\u0301ſ²") | st.text()
patterns = pytest.mark.parametrize("pattern", [GPT2, GPT4], ids=lambda pattern: pattern.name)


@pytest.mark.parametrize(
    ("name", "text", "pieces"),
    [
        ("gpt2", "I'll  go\n", ["I", "'ll", " ", " go", "\n"]),
        ("gpt2", "2025年", ["2025", "年"]),
        ("gpt4", "12345 + 67", ["123", "45", " +", " ", "67"]),
        ("gpt4", "a (b)!\n\nc", ["a", " (", "b", ")!\n\n", "c"]),
        ("gpt4", "IT'S", ["IT", "'S"]),
    ],
)
def test_pieces_by_hand(name, text, pieces):
    assert split_pattern(name).split(text) == pieces


@patterns
@given(text=mixed)
def test_the_pieces_are_those_of_the_pattern_as_first_published(pattern, text):
    text += "."  # white space at the very end: tiktoken's later form keeps "\r\t" in one piece
    assert pattern.split(text) == regex.findall(PUBLISHED[pattern.name], text)


@patterns
@given(text=st.text(st.characters(max_codepoint=127)) | st.text("ab '\t\n\r\x1c.7sSlL"))
def test_the_form_for_ascii_gives_the_same_pieces(pattern, text):
    assert pattern.split(text) == regex.findall(pattern.expression, text)


@patterns
@given(text=mixed)
def test_a_long_text_of_both_kinds_is_cut_as_a_whole(pattern, text):
    long = (text + "plain words, and more\n" * 90) * 3
    assert pattern.split(long) == regex.findall(pattern.expression, long)


@patterns
@given(text=mixed)
def test_nothing_is_lost(pattern, text):
    assert "".join(pattern.split(text)) == text


@patterns
@given(text=mixed, data=st.data())
def test_cutting_at_a_safe_place_changes_no_piece(pattern, text, data):
    cut = pattern.last_safe_cut(text, data.draw(st.integers(0, len(text))))
    assert pattern.split(text[:cut]) + pattern.split(text[cut:]) == pattern.split(text)


@patterns
def test_prose_has_safe_cuts(pattern):
    text = "To be, or not to be:\nthat is\r\nthe question."
    assert pattern.last_safe_cut(text, len(text)) > len(text) - 15


@patterns
def test_tiktoken_accepts_the_same_expression(pattern):
    ranks = {bytes([byte]): byte for byte in range(256)}
    theirs = tiktoken.Encoding(
        "ours", pat_str=pattern.expression, mergeable_ranks=ranks, special_tokens={}
    )
    assert theirs.encode("To be, 42 times!") == list(b"To be, 42 times!")


def test_a_pattern_that_loses_characters_is_refused():
    with pytest.raises(InputError, match="every character"):
        SplitPattern("letters", r"[a-z]+").split("two words")


def test_a_pattern_with_groups_is_refused():
    with pytest.raises(InputError, match="no groups"):
        SplitPattern("grouped", r"(a)|.").split("a")


def test_a_pattern_travels_to_another_process_after_use():
    GPT4.split("compile it first")
    assert pickle.loads(pickle.dumps(GPT4)) == GPT4
