import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data.wikitext import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("'''A''' is ''b''.", "A is b."),
        ("A [[link]] and [[page|words]]s.", "A link and wordss."),
        ("See [http://a.org the page].", "See the page."),
        ("One.<ref name=x>Two [[three]].</ref> Four.<ref name=x/>", "One. Four."),
        ("One<!-- two\n\nthree --> four", "One four"),
        ("Before {{a|{{b|c}}|d}} after.", "Before after."),
        ("Text.\n{| class=x\n| a || b\n{| nested\n|}\n|}\nMore.", "Text.\n\nMore."),
        ("[[File:a.jpg|thumb|A [[cat]] in ''it'']]\nText.", "Text."),
        ("Text.\n[[Category:Cats]]\n[[zh-min-nan:Cat]]", "Text."),
        ("== Heading ==\nText.\n=== Under ===\nMore.", "Text.\n\nMore."),
        ("Text.\n== References ==\nNo.\n== After ==\nYes.", "Text.\n\nYes."),
        ("* item\n# item\n: item\nText.", "Text."),
        ("H<sub>2</sub>O &amp; salt&nbsp;&ndash; <math>x</math> wet", "H2O & salt – wet"),
        ("Rand (; born {{x}}) and (, ) all", "Rand (born) and all"),
        ("Open {{ never closed\nNext line.", "Open\n\nNext line."),
        ("Unbalanced ]] and }} stay out.", "Unbalanced and stay out."),
        ("", ""),
    ],
)
def test_markup_by_hand(markup, text):
    assert plain_text(markup) == text


@given(st.text(st.sampled_from("[]{}|<>'=*#\n ab") | st.characters(), max_size=200))
def test_any_markup_gives_paragraphs(markup):
    text = plain_text(markup)
    assert "[[" not in text
    assert all(one == " ".join(one.split()) for one in text.split("\n\n"))


def test_deep_and_long_markup_takes_no_long_time():
    assert plain_text("{{" * 20_000 + "}}" * 20_000 + "[[" * 20_000 + "a" + "]]" * 20_000) == "a"


@given(st.lists(st.from_regex(r"[A-Z][a-z]+( [a-z]+){1,5}\.", fullmatch=True), min_size=1))
def test_plain_paragraphs_stay_as_they_are(paragraphs):
    text = "\n\n".join(paragraphs)
    assert plain_text(text) == text
