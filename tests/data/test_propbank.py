import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data.propbank import read_skeletons
from course_lib.errors import DataError


def block(*columns, senses):
    rows = zip(*columns, strict=True) if columns else [()] * len(senses)
    return "\n".join(
        f"d 0 {n} [WORD] X * - {sense} {' '.join(cells)}"
        for n, (sense, cells) in enumerate(zip(senses, rows, strict=True))
    )


def test_two_predicates_by_hand():
    text = block(["(ARG0*)", "(V*)", "(ARG1*", "*)"], ["(ARG0*)", "*", "(V*)", "(ARGM-TMP*)"],
                 senses=["-", "want.01", "go.02", "-"])  # fmt: skip
    (skeleton,) = read_skeletons(text)
    want, go = skeleton.predicates
    assert (want.place, want.sense, want.arguments) == (1, "want.01", (("ARG0", 0, 1),
                                                                     ("ARG1", 2, 4)))  # fmt: skip
    assert (go.place, go.arguments) == (2, (("ARG0", 0, 1), ("ARGM-TMP", 3, 4)))


def test_a_sentence_may_have_no_predicate():
    first, second = read_skeletons(block(senses=["-", "-"]) + "\n\n" + block(senses=["-"]) + "\n\n")
    assert (len(first.xpos), len(second.xpos), first.predicates) == (2, 1, ())


def test_roles_in_roles_close_from_within():
    (skeleton,) = read_skeletons(block(["(ARG1*", "(ARG2*)", "*)", "(V*)"],
                                       senses=["-", "-", "-", "be.01"]))  # fmt: skip
    assert skeleton.predicates[0].arguments == (("ARG1", 0, 3), ("ARG2", 1, 2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("d 0 0 [WORD]", "columns or more"),
        (block(["(V*)"], senses=["a.01"]) + "\n" + block(senses=["-"]), "all alike"),
        (block(senses=["a.01"]), "expected 1 columns of roles, got 0"),
        (block(["(V*"], senses=["a.01"]), "do not close"),
        (block(["*)"], senses=["a.01"]), "nothing opens"),
    ],
)
def test_what_is_wrong_is_named(text, says):
    with pytest.raises(DataError, match=f"here, sentence 0.*{says}"):
        read_skeletons(text, "here")


@given(
    st.lists(st.tuples(st.sampled_from(["", "ARG0", "ARGM-TMP"]), st.integers(1, 4)), min_size=1)
)
def test_spans_are_read_as_they_were_written(spans):
    cells, expected = ["(V*)"], []
    for role, length in spans:
        if role:
            expected.append((role, len(cells), len(cells) + length))
        opening = [f"({role}*" if role else "*", *["*"] * (length - 1)]
        cells += [*opening[:-1], opening[-1] + (")" if role else "")]
    (skeleton,) = read_skeletons(block(cells, senses=["a.01", *["-"] * (len(cells) - 1)]))
    assert list(skeleton.predicates[0].arguments) == expected
