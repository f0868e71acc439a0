import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data.prose import is_prose, paragraphs_of

SENTENCE = "The quick brown fox jumps over the lazy dog."


@pytest.mark.parametrize(
    "docstring",
    [
        SENTENCE,
        "The quick brown fox\njumps over the lazy dog.",
        f"Parameters\n----------\nx : int\n    {SENTENCE}",
        f"Notes\n-----\n{SENTENCE}",
        f"-----\nNotes\n-----\n-----\n{SENTENCE}",
        f"{SENTENCE}\nNotes\n=====",
        f"- {SENTENCE}\n- Short.",
        f"1. {SENTENCE}",
        "The quick ``brown`` fox jumps over the :class:`~a.b.lazy` *dog* [1]_.".replace(
            "a.b.lazy", "lazy"
        ),
        "The `quick <https://x.org>`_ brown **fox** jumps over the :ref:`lazy <dogs>` dog.",
    ],
)
def test_the_same_sentence_is_found_in_each_form(docstring):
    assert paragraphs_of(docstring) == [SENTENCE]


@pytest.mark.parametrize(
    "text",
    [
        "Too short a line.",
        "no capital letter begins this line of several words.",
        "No mark of punctuation ends this line of several words",
        "Here x = 3 is set, which makes a line of code.",
        "See https://example.org for all that this line leaves out.",
        ">>> This line is one of a doctest and no prose.",
        "Digits 1 2 3 4 5 6 7 8 9 0 1 2 3 4.",
    ],
)
def test_what_is_no_prose(text):
    assert not is_prose(text)


def test_items_of_a_list_are_paragraphs_of_their_own():
    other = SENTENCE.replace("fox", "cat")
    assert paragraphs_of(f"* {SENTENCE}\n* The quick brown cat jumps\n  over the lazy dog.") == [
        SENTENCE, other,
    ]  # fmt: skip


PIECES = ["---\n", "\n", "\n\n", " ", ".", "`", "*", "1. ", "- ", SENTENCE, "    "]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_any_text_gives_clean_lines(text):
    for paragraph in paragraphs_of(text):
        assert is_prose(paragraph)
        assert paragraph == " ".join(paragraph.split())
