import numpy as np
import pytest
from sklearn.metrics import classification_report

from course_lib.errors import InputError
from course_lib.evaluation import metrics
from course_lib.evaluation.metrics import ConfusionMatrix, confusion_matrix


def test_the_numbers_are_those_of_scikit_learns_report():
    rng = np.random.default_rng(0)
    targets, predictions = rng.integers(0, 3, (2, 60))
    lines = metrics.class_report(confusion_matrix(predictions, targets)).splitlines()[2:]
    theirs = classification_report(targets, predictions, output_dict=True)
    for line, name in zip(lines, ["0", "1", "2", "macro avg", "weighted avg"], strict=False):
        cells = [float(cell) for cell in line.split("|")[2:6]]
        expected = [theirs[name][part] for part in ("precision", "recall", "f1-score", "support")]
        assert cells == pytest.approx(expected, abs=5e-4)


def test_what_is_not_defined_is_said():
    report = metrics.class_report(confusion_matrix([0, 0, 2], [0, 1, 1]))
    assert "| 1 | 0 / 0 | 0.000 | 0.000 | 2 |" in report
    assert "| 2 | 0.000 | 0 / 0 | 0.000 | 0 |" in report


def test_no_examples_make_no_report():
    with pytest.raises(InputError, match="at least one"):
        metrics.class_report(ConfusionMatrix(2))
