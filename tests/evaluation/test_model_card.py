import os

import pytest

from course_lib.errors import InputError
from course_lib.evaluation import Comparison, Interval, Measurement, ModelCard


def card(**changes):
    parts = {
        "name": "Digits, logistic",
        "purpose": "Tells ten digits apart.",
        "data": {"test": "297 digits of other writers"},
        "measurements": (Measurement("macro F1", Interval(0.9, 0.86, 0.93), "test", 1297),),
        "limits": ("Digits of 8 × 8 points only.",),
    }
    return ModelCard(**{**parts, **changes})


def test_a_card_says_what_was_measured_on_what_and_how_sure():
    text = card().to_markdown()
    assert "| macro F1 | 0.900 | 0.860 to 0.930 (95%) | test | 1,297 |" in text
    assert "- **test**: 297 digits of other writers" in text
    assert "## Compared" not in text


def test_a_comparison_has_its_interval_and_its_p_value():
    one = Comparison("constant", "accuracy", Interval(0.8, 0.7, 0.9), 0.00001)
    text = card(comparisons=(one,), settings={"C": 1.0}).to_markdown()
    assert "| accuracy | constant | +0.800 | 0.700 to 0.900 (95%) | < 0.001 |" in text
    assert "| `C` | `1.0` |" in text


def test_marks_of_tables_in_names_do_no_harm():
    measurement = Measurement("P(a|b)", Interval(0.5, 0.4, 0.6), "two\nlines", 3)
    assert (
        "| P(a\\|b) | 0.500 | 0.400 to 0.600 (95%) | two lines | 3 |"
        in card(measurements=(measurement,)).to_markdown()
    )


@pytest.mark.parametrize("part", ["measurements", "limits", "data"])
def test_a_card_without_its_parts_is_refused(part):
    with pytest.raises(InputError, match=part):
        card(**{part: () if part != "data" else {}})


def test_a_card_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = card().write(tmp_path / "cards" / "digits.md")
    assert path.read_text("utf-8") == card().to_markdown()

    def fail(*arguments):
        raise OSError("full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="full"):
        card(name="other").write(path)
    assert path.read_text("utf-8") == card().to_markdown()
    assert [file.name for file in path.parent.iterdir()] == ["digits.md"]
