import pytest
import seqeval.metrics as oracle
from hypothesis import given
from hypothesis import strategies as st
from seqeval.scheme import IOB2

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics

TAGS = st.sampled_from(["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "I-人", "B-a-b"])
SENTENCE = st.integers(1, 8).flatmap(
    lambda n: st.tuples(*[st.lists(TAGS, min_size=n, max_size=n)] * 2)
)
CORPUS = st.lists(SENTENCE, min_size=1, max_size=5)


def columns(pairs):
    return [one for one, _ in pairs], [other for _, other in pairs]


def spans_in(sentences):
    return any(tag != "O" for sentence in sentences for tag in sentence)


@given(CORPUS, st.sampled_from(["micro", "macro", "weighted", "none"]))
def test_span_scores_are_seqevals(pairs, average):
    predictions, targets = columns(pairs)
    if not (spans_in(predictions) and spans_in(targets)):
        return
    how = {"average": None if average == "none" else average, "zero_division": 0}
    expected = oracle.f1_score(targets, predictions, **how)
    assert metrics.span_f1(predictions, targets, average) == pytest.approx(expected)
    expected = oracle.precision_score(targets, predictions, **how)
    assert metrics.span_scores(predictions, targets, 0.0, average) == pytest.approx(expected)
    expected = oracle.recall_score(targets, predictions, **how)
    got = metrics.span_scores(predictions, targets, float("inf"), average)
    assert got == pytest.approx(expected)


@given(CORPUS)
def test_strict_spans_are_those_of_iob2(pairs):
    predictions, targets = columns(pairs)
    began = [[tag for tag in row if tag[0] == "B"] for row in (*predictions, *targets)]
    if not any(began[: len(pairs)]) or not any(began[len(pairs) :]):
        return
    expected = oracle.f1_score(targets, predictions, mode="strict", scheme=IOB2, zero_division=0)
    assert metrics.span_f1(predictions, targets, strict=True) == pytest.approx(expected)


def test_spans_by_hand():
    assert metrics.spans(["B-A", "B-A", "I-A", "I-B", "O", "I-A"]) == [
        ("A", 0, 1), ("A", 1, 3), ("B", 3, 4), ("A", 5, 6),
    ]  # fmt: skip
    assert metrics.spans(["O", "I-A", "B-A", "I-B"], strict=True) == [("A", 2, 3)]


def test_half_a_name_is_no_name():
    assert metrics.span_f1([["B-PER", "O"]], [["B-PER", "I-PER"]]) == 0.0


def test_bad_tags_get_a_sentence():
    with pytest.raises(InputError, match="B-…"):
        metrics.spans(["PER"])
    with pytest.raises(ShapeError, match="sentence 0"):
        metrics.span_f1([["O"]], [["O", "O"]])
    with pytest.raises(ShapeError):
        metrics.span_f1([["O"]], [])
    assert metrics.span_f1([["O"]], [["O"]]) == 0.0


@pytest.mark.parametrize("tag", [0, None, "PER", "B-", "I-", "o", "", "O-PER", "E-PER", b"O"])
def test_a_tag_of_another_kind_gets_a_sentence(tag):
    with pytest.raises(InputError, match="tag 1"):
        metrics.span_f1([["O", tag]], [["O", tag]])


def test_a_single_sentence_is_not_read_as_many():
    for one, other in ((["O", "B", "I"], ["O", "B", "O"]), ([0, 1], [0, 1]), ([None], [None])):
        with pytest.raises(InputError, match="into a list"):
            metrics.span_f1(one, other)
    with pytest.raises(InputError, match="into a list"):
        metrics.spans("BIO")


def test_tags_without_a_kind_are_seqevals():
    predictions, targets = [["O", "B", "I"]], [["O", "B", "O"]]
    expected = oracle.f1_score(targets, predictions, zero_division=0)
    assert metrics.span_f1(predictions, targets) == expected == 0.0
    assert metrics.spans(["B", "I", "B"]) == [("_", 0, 2), ("_", 2, 3)]
