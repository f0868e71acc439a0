"""Through stock nbgrader, as an instructor runs it: one class, graded by its own commands."""

import json
import os
import shutil
import sqlite3
import sys

import pytest

from course_lib.grading.isolation.sandbox import probe
from tests.grading.course_on_disk import CHAPTER, NAME, hand_in, make_course, run
from tests.grading.odd_submissions import ALL
from tests.grading.sample_course import submission

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
AUTOGRADE = ("nbgrader", "autograde", CHAPTER)
WRONG = "def double(numbers):\n    return [n * n for n in numbers]"
ESSAY = "Words, 1 < 2, <script>alert(1)</script><img src=x onerror=alert(2)>"
KNOWN = {
    "truncated JSON", "a duplicated answer: the last counts", "schema of the future",
    "schema that is no number", "forged points, tags and outputs", "stripped metadata",
    "os._exit in an answer's cell", "all grade ids the same", "random bytes",
    "odd metadata and cells that are none", "garbage into every descriptor",
}  # fmt: skip


def learners():
    """Return a class: each learner's submission and the points that it must get."""
    chosen = {f"odd{number}": odd for number, odd in enumerate(ALL) if odd.name in KNOWN}
    handed_in = {name: (odd.handed_in, sum(odd.points.values())) for name, odd in chosen.items()}
    handed_in["ada"] = submission(essay="YOUR ANSWER HERE"), 8.0
    handed_in["bob"] = submission(double=WRONG, essay=ESSAY), 5.5
    handed_in["zoe"] = submission(), 8.0
    return handed_in


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    made = run(root, "nbgrader", "generate_assignment", CHAPTER)
    assert made.returncode == 0, made.stderr
    for name, (document, _) in learners().items():
        hand_in(root, name, document)
    root.joinpath("secret").write_text("the instructor's own")
    root.joinpath("submitted", "bob", CHAPTER, "notes.txt").symlink_to(root / "secret")
    graded = run(root, *AUTOGRADE)
    assert graded.returncode == 0, graded.stderr
    assert f"in a {probe()} sandbox" in graded.stderr
    return root


def rows(root, column):
    """Return a column of the gradebook by learner and grade cell."""
    query = f"""select student.id, base_cell.name, grade.{column} from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id
        join base_cell on grade.cell_id = base_cell.id"""
    connection = sqlite3.connect(root / "gradebook.db")
    found = {(student, cell): value for student, cell, value in connection.execute(query)}
    connection.close()
    return found


def autograded(root, name):
    path = root / "autograded" / name / CHAPTER / f"{NAME}.ipynb"
    return json.loads(path.read_text("utf-8"))


def test_every_learner_of_the_batch_gets_the_points_they_deserve(course):
    scores = rows(course, "auto_score")
    totals = {
        name: sum(score or 0 for (student, _), score in scores.items() if student == name)
        for name in learners()
    }
    assert totals == {name: points for name, (_, points) in learners().items()}


def test_an_answer_in_words_waits_for_a_person_unless_nothing_was_written(course):
    waits, scores = rows(course, "needs_manual_grade"), rows(course, "auto_score")
    assert waits["bob", "essay"] == 1
    assert scores["bob", "essay"] is None
    assert waits["ada", "essay"] == 0
    assert scores["ada", "essay"] == 0
    assert waits["ada", "check_double"] == 0


def test_feedback_shows_the_visible_example_and_no_secret(course):
    made = run(course, "nbgrader", "generate_feedback", CHAPTER, "--student", "bob")
    assert made.returncode == 0, made.stderr
    page = course.joinpath("feedback", "bob", CHAPTER, f"{NAME}.html").read_text("utf-8")
    assert "This looks like <em>square</em>" in page
    assert "0.5 of 2 points" in page
    assert "4711" not in page
    assert "2 * number" not in page
    head = page.partition("<body")[0]
    assert head.count("width=device-width,initial-scale=1") == 1, "readable on a phone"


def test_the_formgraders_lists_and_the_export_hold_the_same_scores(course):
    program = (
        "import json\nfrom pathlib import Path\n"
        "from course_lib.grading.classroom.nbgrader_course import course_api\n"
        f"rows = course_api(Path.cwd()).get_submissions({CHAPTER!r})\n"
        "print(json.dumps({row['student']: row['score'] for row in rows}))\n"
    )
    (course / "listing.py").write_text(program)
    listed = run(course, "listing")
    assert json.loads(listed.stdout.splitlines()[-1])["bob"] == 5.5, listed.stderr
    assert run(course, "nbgrader", "export").returncode == 0
    lines = course.joinpath("grades.csv").read_text().splitlines()
    assert next(line for line in lines if ",bob," in line).endswith(",5.5,0.0,5.5,10.0")


def test_html_in_a_learners_words_does_not_run_in_the_instructors_browser(course):
    words = "".join(autograded(course, "bob")["cells"][-1]["source"])
    assert words.startswith("Words, 1 < 2, &lt;script>")
    assert "<img" not in words


def test_a_link_out_of_the_submission_is_not_followed(course):
    copies = list(course.joinpath("autograded").rglob("notes.txt"))
    assert [copy.read_text() for copy in copies] == [
        "This was a link or a pipe. They are not handed in.\n"
    ]


def test_grading_again_gives_the_same_scores_and_leaves_a_persons_score_alone(course):
    before = rows(course, "auto_score")
    with sqlite3.connect(course / "gradebook.db") as connection:
        connection.execute("update grade set manual_score = 1.25 where id = (select id from grade)")
        connection.commit()
    manual = rows(course, "manual_score")
    again = run(course, *AUTOGRADE, "--force")
    assert again.returncode == 0, again.stderr
    assert rows(course, "auto_score") == before
    assert rows(course, "manual_score") == manual
    assert 1.25 in manual.values()


def test_the_record_names_the_sandbox_and_no_secret(course):
    text = course.joinpath(".course", "grading.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["sandbox"] for line in lines} == {str(probe())}
    assert "4711" not in text
    assert len({line["student"] for line in lines}) == len(learners())


def test_without_a_sandbox_nobody_gets_a_score_and_the_command_fails(course, unprotected):
    refused = run(course, *AUTOGRADE, "--force", "--student", "zoe", **unprotected)
    assert refused.returncode != 0
    assert "NOT GRADED: zoe" in refused.stderr
    assert rows(course, "auto_score")["zoe", "check_double"] is None
    assert rows(course, "needs_manual_grade")["zoe", "check_double"] == 1


def test_a_weak_sandbox_that_is_allowed_leaves_every_score_to_a_person(course, unprotected):
    hand_in(course, "weak", submission())
    variables = {**unprotected, "COURSE_ALLOW_UNSANDBOXED": "1"}
    graded = run(course, *AUTOGRADE, "--student", "weak", **variables)
    assert graded.returncode == 0, graded.stderr
    scores, waits = rows(course, "auto_score"), rows(course, "needs_manual_grade")
    assert scores["weak", "check_double"] == 2
    assert all(wait for (student, _), wait in waits.items() if student == "weak")


def test_a_broken_exercise_is_nobodys_zero(course):
    hand_in(course, "eve", submission())
    reference = course / "course_lib" / "text" / "sample_double.py"
    right = reference.read_text()
    reference.write_text("def double(numbers):\n    raise KeyError(1)\n")
    graded = run(course, *AUTOGRADE, "--student", "eve")
    reference.write_text(right)
    assert graded.returncode != 0
    assert "the exercise is broken, not the answer" in graded.stderr
    assert rows(course, "auto_score")["eve", "check_double"] is None
    assert rows(course, "needs_manual_grade")["eve", "check_double"] == 1


def test_the_graded_notebook_holds_the_learners_code_and_the_sources_metadata(course):
    places = [number for number, odd in enumerate(ALL) if odd.name.startswith("forged points")]
    cells = autograded(course, f"odd{places[0]}")["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    points = {mark["grade_id"]: mark["points"] for mark in marks if "points" in mark}
    assert points["check_double"] == 2
    assert all(mark["schema_version"] == 3 for mark in marks if mark)


@pytest.fixture
def unprotected(course):
    """Make the course's copy believe that this machine offers neither bubblewrap nor Landlock."""
    module = course / "course_lib" / "grading" / "isolation" / "landlock.py"
    right = module.read_text()
    module.write_text(right.replace("LEAST_VERSION = 4", "LEAST_VERSION = 99"))
    folder = course / "bare"
    folder.mkdir(exist_ok=True)
    for name in ("alembic", "python"):
        if not (folder / name).exists():
            beside = os.path.dirname(sys.executable)
            (folder / name).symlink_to(shutil.which(name, path=beside))
    yield {"PATH": str(folder)}
    module.write_text(right)


def test_what_was_graded_before_is_skipped_and_not_graded_ahead(course):
    record = course / ".course" / "grading.jsonl"
    before = len(record.read_text().splitlines())
    for name in ("zz1", "zz2", "zz3", "zz4", "zz5"):
        hand_in(course, name, submission())
    graded = run(course, *AUTOGRADE, COURSE_GRADERS="2")
    assert graded.returncode == 0, graded.stderr
    added = [json.loads(line) for line in record.read_text().splitlines()[before:]]
    fresh = {"zz1", "zz2", "zz3", "zz4", "zz5", "eve", "zoe"}
    assert {line["student"] for line in added} <= fresh
    assert len([line for line in added if line["points"] == 8]) >= 5
