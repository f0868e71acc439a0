"""Spans in a tagged sentence: a name is right when its kind, its first and last word all are.

Tags are ``O``, ``B-PER`` (a span begins) and ``I-PER`` (it goes on). An ``I`` after an ``O`` or
after another kind begins a span too, as in the CoNLL script and in seqeval; ``strict`` lets only
``B`` begin one (IOB2). Token accuracy would praise the many ``O``, and half of every name.

>>> spans(["B-PER", "I-PER", "O", "B-LOC"])
[('PER', 0, 2), ('LOC', 3, 4)]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation.metrics.averaging import Average, f_beta
from course_lib.evaluation.metrics.language import check_texts

Span = tuple[str, int, int]
Tags = Sequence[Any]


def spans(tags: Sequence[Any], strict: bool = False) -> list[Span]:
    """Return each span as (kind, first, one past the last); raises ``InputError`` for other tags.

    >>> spans(["I-PER", "I-LOC"]), spans(["I-PER", "B-LOC"], strict=True)
    ([('PER', 0, 1), ('LOC', 1, 2)], [('LOC', 1, 2)])
    """
    found: list[Span] = []
    open_kind, first = "", 0
    for place, tag in enumerate([*_sentence(tags), "O"]):
        mark, kind = _parts(tag, place)
        if open_kind and (mark != "I" or kind != open_kind):
            found.append((open_kind, first, place))
            open_kind = ""
        if not open_kind and mark != "O" and (mark == "B" or not strict):
            open_kind, first = kind, place
    return found


def _sentence(tags: Any) -> Any:
    """Return the tags of one sentence; a text is none, although it has letters to go through."""
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        remedy = "put the tags of each sentence, even of a single one, into a list"
        raise InputError("a sentence", expected="a list of tags", got=repr(tags), remedy=remedy)
    return tags


def _parts(tag: Any, place: int) -> tuple[str, str]:
    """Return B, I or O, and the kind of span: "_" where the tags name none, as in seqeval."""
    mark, dash, kind = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    if (mark in ("B", "I") and bool(dash) == bool(kind)) or tag == "O":
        return mark, "" if mark == "O" else kind or "_"
    raise InputError(f"tag {place}", expected="O, B-… or I-…", got=repr(tag))


def span_scores(
    predictions: Tags,
    targets: Tags,
    beta: float = 1.0,
    average: Average = "micro",
    *,
    strict: bool = False,
    zero_division: float = 0.0,
) -> Any:
    """Return F_β of the spans: β = 0 is precision, β = ∞ recall; averaged over kinds.

    Kinds are those present in either, sorted. Raises ``ShapeError`` where a sentence's lengths
    differ, ``InputError`` where there is no sentence, or a tag is none.
    """
    counts = span_counts(predictions, targets, strict)
    table = np.array([counts[kind] for kind in sorted(counts)], float).reshape(-1, 3)
    if not len(table):
        return zero_division
    hits, predicted, true = table.T
    score = f_beta(hits, predicted, true, beta, average, zero_division)
    return score if average in (None, "none") else float(score)


def span_f1(predictions: Tags, targets: Tags, average: Average = "micro", **how: Any) -> Any:
    """Return the F1 of the spans; further arguments as in ``span_scores``.

    >>> round(span_f1([["B-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "B-LOC"]]), 2)
    0.5
    """
    return span_scores(predictions, targets, 1.0, average, **how)


def span_counts(
    predictions: Tags, targets: Tags, strict: bool = False
) -> dict[str, tuple[int, int, int]]:
    """Return hits, predicted and true spans of each kind: these add over batches.

    >>> span_counts([["B-PER", "O"]], [["B-PER", "I-PER"]])
    {'PER': (0, 1, 1)}
    """
    check_texts(predictions, targets)
    counts: dict[str, list[int]] = {}
    for number, (one, other) in enumerate(zip(predictions, targets, strict=True)):
        if len(_sentence(one)) != len(_sentence(other)):
            raise ShapeError(f"the tags of sentence {number}", expected=len(other), got=len(one))
        predicted, true = set(spans(one, strict)), set(spans(other, strict))
        for place, group in enumerate((predicted & true, predicted, true)):
            for kind, *_ in group:
                counts.setdefault(kind, [0, 0, 0])[place] += 1
    return {kind: (row[0], row[1], row[2]) for kind, row in counts.items()}
