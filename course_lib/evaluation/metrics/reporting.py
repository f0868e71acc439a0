"""A report of every class, as Markdown, that says where a score is not defined.

A class that was never predicted has no precision, and one that is not there no recall: 0 / 0. An
average must count them as something; a table can say so instead.
"""

from __future__ import annotations

import numpy as np

from course_lib.evaluation.metrics.averaging import f_beta
from course_lib.evaluation.metrics.confusion import ConfusionMatrix

UNDEFINED = "0 / 0"


def class_report(matrix: ConfusionMatrix, digits: int = 3) -> str:
    """Return precision, recall, F1 and support of each class and their averages, as Markdown.

    Raises ``InputError`` for a matrix without examples.

    >>> from course_lib.evaluation.metrics.confusion import confusion_matrix
    >>> print(class_report(confusion_matrix(["ham", "ham"], ["ham", "spam"])))
    | class | precision | recall | F1 | support |
    |---|---|---|---|---|
    | ham | 0.500 | 1.000 | 0.667 | 1 |
    | spam | 0 / 0 | 0.000 | 0.000 | 1 |
    | **macro** | 0.250 | 0.500 | 0.333 | 2 |
    | **weighted** | 0.250 | 0.500 | 0.333 | 2 |
    | **accuracy** | | | 0.500 | 2 |
    """
    total = int(matrix.counts.sum())
    accuracy = matrix.accuracy()
    sums = matrix.hits, matrix.predicted, matrix.support
    columns = [f_beta(*sums, beta, "none", np.nan) for beta in (0.0, np.inf, 1.0)]
    rows = [
        [str(name), *(_number(column[place], digits) for column in columns), str(support)]
        for place, (name, support) in enumerate(zip(matrix.classes, matrix.support, strict=True))
    ]
    for average in ("macro", "weighted"):
        scores = [float(f_beta(*sums, beta, average)) for beta in (0.0, np.inf, 1.0)]
        rows.append([f"**{average}**", *(_number(one, digits) for one in scores), str(total)])
    rows.append(["**accuracy**", "", "", _number(accuracy, digits), str(total)])
    header = ["| class | precision | recall | F1 | support |", "|---|---|---|---|---|"]
    return "\n".join([*header, *map(_line, rows)])


def _number(score: float, digits: int) -> str:
    return UNDEFINED if np.isnan(score) else f"{score:.{digits}f}"


def _line(cells: list[str]) -> str:
    inner = "|".join(
        f" {cell} " if cell else " " for cell in (c.replace("|", "\\|") for c in cells)
    )
    return f"|{inner}|"
