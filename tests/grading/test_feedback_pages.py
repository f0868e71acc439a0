"""Feedback for a class: each page within bounds, and one learner's oddity is one learner's."""

import base64
import json

import pytest

from course_lib.grading.classroom import feedback_pages
from course_lib.grading.classroom.class_run import write_feedback
from course_lib.grading.classroom.feedback_pages import PageWriter
from course_lib.grading.classroom.harmless import MOST_CHARACTERS, harmless
from tests.grading.course_on_disk import CHAPTER, hand_in, make_course, variables_of
from tests.grading.sample_course import submission

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode()


@pytest.mark.parametrize(
    "link",
    [
        "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java&#115;cript:alert(1))",
        "[a](javascript&colon;alert(1))", "[a](\\javascript:alert(1))", "[a]( javascript:alert(1))",
        "[a](data:text/html,<script>)", "[a](vbscript:x)", "[a](file:///etc/passwd)",
        "[a][1]\n\n[1]: javascript:alert(1)", "<javascript:alert(1)>", "[![x](y)](javascript:z)",
        "![spy](https://example.org/x.png)", "![spy](//example.org/x.png)",
        "$\\href{javascript:alert(1)}{x}$", "<img src=x onerror=alert(1)>",
        "<a href='javascript:x'>", "![a [b] c](https://example.org/x.png)",
        "[a](java\tscript:alert(1))", "[a](<javascript:alert(1)>)",
    ],
)  # fmt: skip
def test_nothing_of_a_learners_words_acts_in_a_browser(link):
    from nbconvert.filters import markdown2html

    page = markdown2html(harmless(link)).lower().replace("&quot;", '"')
    for active in ('href="javascript', 'href="data', 'href="vbscript', 'href="file', "\\href",
                   'src="http', 'src="//', "<script", "<img src=x", "<a href='"):  # fmt: skip
        assert active not in page


def test_what_is_harmless_stays_as_it_was():
    text = (
        "A [link](https://example.org/a?b=c), mail [me](mailto:a@example.org), [here](#part), "
        "![mine](attachment:mine.png), $a < b$, `x[1](2)` and 1 < 2.\n\n[1]: https://example.org"
    )
    assert harmless(text) == text


def test_an_endless_answer_is_cut_and_says_so():
    told = harmless("x" * 200_000)
    assert len(told) < MOST_CHARACTERS + 100
    assert told.endswith("too long to be shown.)*")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A graded class: honest, with an endless formula, with a picture, with a live link."""
    import subprocess
    import sys

    root = tmp_path_factory.mktemp("course")
    make_course(root)
    picture = submission(essay="![mine.png](attachment:mine.png)")
    next(cell for cell in picture["cells"] if cell["id"] == "essay")["attachments"] = {
        "mine.png": {"image/png": PNG}
    }
    work = {
        "ada": submission(),
        "bob": submission(essay="\\[" * 130_000),
        "cy": picture,
        "dan": submission(essay="[me](javascript:alert(document.cookie))"),
    }
    for name, document in work.items():
        hand_in(root, name, document)
    command = [sys.executable, "-m", "course_lib.cli", "grade", CHAPTER, "--workers", "0", "--json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=variables_of(root))
    assert done.returncode == 0, done.stderr
    return root


def page(root, name):
    return (root / "feedback" / name / CHAPTER / "sample.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.sandbox
def test_every_learner_gets_a_page(graded):
    assert all(page(graded, name) for name in ("ada", "bob", "cy", "dan"))
    assert "javascript:alert" not in page(graded, "dan")
    assert PNG[:20] in page(graded, "cy")


@pytest.mark.slow
@pytest.mark.sandbox
def test_pages_are_made_anew_when_the_grading_is_another_whatever_the_clock_says(graded):
    import os

    place = graded / "feedback" / "ada" / CHAPTER / "sample.html"
    os.utime(place, (2**32, 2**32))  # a time that lies in the future
    notebook = graded / "autograded" / "ada" / CHAPTER / "sample.ipynb"
    document = json.loads(notebook.read_text())
    document["cells"][0]["source"] = "# Graded again"
    notebook.chmod(0o644)
    notebook.write_text(json.dumps(document))
    pages, failed = write_feedback(graded, CHAPTER, ["ada"])
    assert failed == {}
    assert "Graded again" in pages[0].read_text("utf-8")
    assert write_feedback(graded, CHAPTER, []) == ([], {})


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_page_that_takes_too_long_is_one_learners_and_the_next_is_written(graded):
    with PageWriter(graded, seconds=0.01) as writer:
        assert "more than 0.01 s" in writer.write(CHAPTER, "ada")
        writer.seconds = feedback_pages.SECONDS
        assert writer.write(CHAPTER, "ada") is None


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_learner_of_whom_nothing_is_graded_has_a_reason(graded):
    (graded / "autograded" / "eve" / CHAPTER).mkdir(parents=True)
    (graded / "autograded" / "eve" / CHAPTER / "sample.ipynb").write_text("{")
    pages, failed = write_feedback(graded, CHAPTER, ["eve", "ada"])
    assert list(failed) == ["eve"]
    assert pages
