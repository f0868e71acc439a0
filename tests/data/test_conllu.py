import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data.conllu import Token, read_conllu
from course_lib.errors import DataError

DONT = (
    """\
# newdoc id = d
# sent_id = d-0001
# text = I don't.
1 I I PRON PRP Case=Nom 4 nsubj 4:nsubj _
2-3 don't _ _ _ _ _ _ _ _
2 do do AUX VBP _ 4 aux _ _
3 n't not PART RB _ 4 advmod:neg _ _
3.1 ghost ghost VERB VB _ _ _ _ _
4 know know VERB VB _ 0 root _ _
""".replace(" ", "\t")
    .replace("#\t", "# ")
    .replace("\t=\t", " = ")
    .replace("I\tdon't.", "I don't.")
)
ROW = "1 a a X X _ 0 root _ _".replace(" ", "\t")


def test_words_heads_and_comments_by_hand():
    (tree,) = read_conllu(DONT)
    assert (tree.name, tree.text) == ("d-0001", "I don't.")
    assert tree.words == ["I", "do", "n't", "know"]
    assert tree.tokens[0] == Token("I", "I", "PRON", "PRP", "Case=Nom", 3, "nsubj")
    assert tree.root == 3


def test_dependants_by_relation_and_its_kinds():
    (tree,) = read_conllu(DONT)
    assert tree.dependants(3) == [0, 1, 2]
    assert tree.dependants(3, "advmod") == tree.dependants(3, "advmod:neg") == [2]
    assert tree.dependants(3, "advmod:pos") == tree.dependants(0) == []


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n", "\r\n\r\n"])
def test_the_last_sentence_needs_no_empty_line(end):
    assert len(list(read_conllu(f"{ROW}\n\n{ROW}{end}"))) == 2


def test_comments_of_one_sentence_are_not_those_of_the_next():
    first, second = read_conllu(f"# sent_id = a\n{ROW}\n\n{ROW}\n")
    assert (first.name, second.name) == ("a", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1\ta", "x, line 1: expected 10 fields between tabs, got 2"),
        (ROW.replace("\t0\t", "\tzero\t"), "the number of a head"),
        (ROW.replace("\t0\t", "\t1\t"), "0 roots"),
        (ROW.replace("\t0\t", "\t7\t"), "heads in the sentence"),
        (f"{ROW}\n{ROW}", "2 roots"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, says):
    with pytest.raises(DataError, match=says):
        list(read_conllu(text, "x"))


WORD = st.text(st.characters(blacklist_categories=["Zs", "Zl", "Zp", "Cc", "Cs"]), min_size=1)


@given(st.lists(st.lists(WORD, min_size=1, max_size=5), max_size=5))
def test_what_is_written_is_read(sentences):
    text = "".join(
        "".join(f"{n}\t{word}\t_\tX\tX\t_\t{n - 1}\tdep\t_\t_\n" for n, word in enumerate(words, 1))
        + "\n"
        for words in sentences
    )
    assert [tree.words for tree in read_conllu(text)] == sentences
