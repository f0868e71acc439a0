import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.words.normalisation import (
    half_width,
    normalise,
    remove_invisible,
    squeeze_white_space,
)

ODD = st.text(
    st.sampled_from(
        "aÉ\u0301\u0308 \t\n\r\v\u0085\u2028\u200b\u200d\ufeffİΣßﬁ²Ａ，。“’\u00a8\u1e9b\u0323각"
    )
    | st.characters()
)
FORMS = st.sampled_from(["NFC", "NFKC"])


@given(ODD, FORMS, st.booleans(), st.booleans())
def test_normalising_twice_does_no_more_than_once(text, form, lower, straight_quotes):
    once = normalise(text, form, lower=lower, straight_quotes=straight_quotes)
    assert normalise(once, form, lower=lower, straight_quotes=straight_quotes) == once


@given(ODD, FORMS)
def test_the_result_is_in_the_form_that_was_asked_for(text, form):
    assert unicodedata.is_normalized(form, normalise(text, form))


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_where_nothing_is_invisible_or_white_nfkc_is_pythons_own(text):
    expected = unicodedata.normalize("NFKC", text)
    if not any(character.isspace() for character in expected):
        assert normalise(text) == expected


def test_both_spellings_of_an_accent_become_one():
    assert normalise("cafe\u0301") == normalise("caf\u00e9") == "caf\u00e9"


def test_accents_case_emoji_and_traditional_characters_survive():
    text = "Ünïted 學習 学习 👩\u200d💻 naïve"
    assert normalise(text) == text


def test_chinese_punctuation_survives_nfc_and_not_nfkc():
    assert normalise("好，吗？", "NFC") == "好，吗？"
    assert normalise("好，吗？", "NFKC") == "好,吗?"


def test_paragraphs_stay_apart_whatever_their_line_ends():
    assert normalise("one\r\ntwo\r\r\u2028three\n \n\t\nfour") == "one\ntwo\n\nthree\n\nfour"


def test_quotes_are_straightened_only_when_asked():
    assert normalise("‘a’ “b” „c‟") == "‘a’ “b” „c‟"
    assert normalise("‘a’ “b” „c‟", straight_quotes=True) == '\'a\' "b" "c"'


def test_lower_case_is_asked_for():
    assert (normalise("The BPE"), normalise("The BPE", lower=True)) == ("The BPE", "the bpe")


def test_an_unknown_form_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="expected NFC or NFKC, got 'NFD'"):
        normalise("a", "NFD")


def test_half_width_agrees_with_nfkc_on_the_full_width_ascii_block():
    block = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
    assert half_width(block) == unicodedata.normalize("NFKC", block)
    assert half_width(block) == "".join(map(chr, range(0x21, 0x7F))) + " "


@given(st.text())
def test_half_width_touches_no_other_character(text):
    changed = [one for one, other in zip(text, half_width(text), strict=True) if one != other]
    assert all("\uff01" <= one <= "\uff5e" or one == "\u3000" for one in changed)


def test_what_is_removed_as_invisible_is_a_control_or_a_format_character():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    removed = set(everything) - set(remove_invisible(everything))
    assert {unicodedata.category(one) for one in removed} - {"Cn"} == {"Cc", "Cf"}
    assert not {"\n", "\t", "\r", "\u200c", "\u200d"} & removed


@given(st.text())
def test_squeezing_keeps_every_character_that_is_not_white(text):
    assert "".join(squeeze_white_space(text).split()) == "".join(text.split())
