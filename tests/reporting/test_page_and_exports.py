import csv
import json
import re
from collections import Counter

import pytest

from course_lib.errors import InputError
from course_lib.reporting import (
    Alike,
    ChapterFigures,
    ClassReport,
    ExerciseFigures,
    page,
    write_exports,
)
from course_lib.reporting.gather import Result

BELIEF = "The scores were divided by d instead of √d."


@pytest.fixture
def report():
    scores = {"Ada_Lovelace": (9.5, False), "turingalan": (4.0, True), "=cmd": (0.0, False)}
    results = {name: Result(points, 10.0, waits) for name, (points, waits) in scores.items()}
    points = {"Ada_Lovelace": 2.0, "turingalan": 0.5, "=cmd": 0.0}
    exercise = ExerciseFigures(
        "scale<b>", 2.0, points, Counter({"by d": 2}), Counter({"A list came back.": 1}),
        {"by d": BELIEF},
    )  # fmt: skip
    failed = [("=cmd", "<script>alert(1)</script>")]
    chapter = ChapterFigures(
        "ch04", results, [exercise], [("turingalan", 31.0)], failed, ["Zoë"],
        [Alike("Ada_Lovelace", "turingalan", 0.93, 41)], Counter({"strong": 3}),
    )  # fmt: skip
    return ClassReport("words", [chapter])


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_page_says_how_many_of_how_many_believed_what(report):
    text = page(report)
    assert f"2 of 3</td><td>scale&lt;b&gt;</td><td><strong>by d</strong>. {BELIEF}" in text
    assert "3 learners, 10 points: mean 4.5, median 4." in text
    assert "1 full, 1 part, 1 none" in text
    assert "93 %, 41 marks" in text
    assert "from 80 % of shared token fingerprints" in text
    assert "Zoë" in text
    assert "31.0" in text


def test_the_page_needs_no_network_and_runs_no_code(report):
    text = page(report)
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=[\"'](?!#)", text)
    assert "default-src 'none'" in text
    assert 'name="viewport"' in text


def test_a_class_without_results_has_a_page(report):
    assert "Nobody has a score yet" in page(ClassReport("empty", [ChapterFigures("ch01")]))


def test_scores_go_into_csv_and_json(report, tmp_path):
    files = {path.name: path for path in write_exports(report, tmp_path)}
    table = rows(files["scores.csv"])
    assert ["Ada_Lovelace", "ch04", "", "9.5", "10", "no"] in table
    assert ["turingalan", "ch04", "scale<b>", "0.5", "2", ""] in table
    held = json.loads(files["report.json"].read_text("utf-8"))
    assert held["chapters"][0]["exercises"][0]["mistakes"] == {"by d": 2}


def test_no_cell_is_a_formula(report, tmp_path):
    for path in write_exports(report, tmp_path):
        if path.suffix == ".csv":
            assert not any(cell.startswith("=") for row in rows(path) for cell in row)


def test_moodle_gets_its_own_columns_back_and_no_score_that_waits(report, tmp_path):
    roster = tmp_path / "moodle_export.csv"
    roster.write_text(
        "First name,Last name,ID number,Email address\n"
        "Ada,Lovelace,s1,ada@example.org\nNobody,Else,s2,n@example.org\n"
    )
    write_exports(report, tmp_path / "to", roster)
    assert rows(tmp_path / "to" / "moodle.csv") == [
        ["First name", "Last name", "ID number", "Email address", "ch04"],
        ["Ada", "Lovelace", "s1", "ada@example.org", "9.5"],
    ]


def test_canvas_gets_its_own_columns_and_the_points_possible(report, tmp_path):
    roster = tmp_path / "canvas_export.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Turing, Alan",12,t1,alan,A\n'
    )
    write_exports(report, tmp_path / "to", roster)
    assert rows(tmp_path / "to" / "canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ch04"],
        ["    Points Possible", "", "", "", "", "10"],
        ["Turing, Alan", "12", "t1", "alan", "A", ""],
    ]


def test_a_roster_of_another_class_is_refused(report, tmp_path):
    (tmp_path / "other.csv").write_text("Student,ID\nNobody,1\n")
    with pytest.raises(InputError):
        write_exports(report, tmp_path, tmp_path / "other.csv")


def test_known_beliefs_come_before_what_has_no_name(report):
    report.chapters[0].exercises[0].symptoms["Nothing is written here yet."] = 99
    shown = page(report)
    assert shown.index(BELIEF) < shown.index("Nothing is written here yet.")


def test_scores_of_a_cluster_without_tls_are_warned_of(report):
    assert "without TLS" not in page(report)
    report.chapters[0].insecure = 3
    assert "3 notebooks were graded by a cluster without TLS" in page(report)
