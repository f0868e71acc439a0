import dataclasses
import re

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.exercises import PUBLIC_SEED
from course_lib.grading.isolation.sandbox import probe
from course_lib.grading.judging import engine
from tests.grading.conftest import SEED
from tests.grading.sample_course import EXERCISES, submission

SPY = """
seen = []
def double(numbers):
    seen.append(list(numbers))
    raise ValueError(str(seen))
"""
WRONG_IN_SECRET = """
def double(numbers):
    if not numbers or numbers == [1, 2] or numbers in VISIBLE:
        return [2 * n for n in numbers]
    return [0]
"""


@pytest.mark.sandbox
def test_an_honest_submission_gets_all_its_points(grade):
    result = grade(submission())
    points = {name: score.points for name, score in result.scores.items()}
    assert points == {
        "check_double": 2, "check_count_words": 3, "check_row_sums": 2, "own_test": 1,
        "essay": None,
    }  # fmt: skip
    assert result.notes == []
    assert result.errors == {}
    assert result.points == 8
    assert result.max_points == 10
    assert result.level == str(probe())


@pytest.mark.sandbox
def test_the_same_seed_gives_the_same_result_and_another_one_other_cases(grade):
    drawn = [case.arguments[0] for case in EXERCISES["double"].draw(1) if case.aspect == "many"]
    slip = f"def double(numbers):\n    return [2 * n for n in numbers if numbers not in {drawn}]"
    scores = [grade(submission(double=slip), seed).scores for seed in (1, 1, 2)]
    assert scores[0] == scores[1]
    assert scores[0]["check_double"].points < scores[2]["check_double"].points == 2


@pytest.mark.sandbox
def test_a_mistake_is_recognised_by_name(grade):
    square = "def double(numbers):\n    return [n * n for n in numbers]"
    score = grade(submission(double=square)).scores["check_double"]
    assert score.points == 0.5
    assert score.summary["mistake"] == "square"
    assert "This looks like *square*" in score.text


@pytest.mark.sandbox
def test_feedback_never_holds_secret_inputs_however_hard_the_code_tries(grade):
    before = "seen = []\nimport builtins\nbuiltins.kept = seen"
    words = SPY.replace("double(numbers)", "count_words(text)").replace("list(numbers)", "text")
    result = grade(submission(before=before, double=SPY, count_words=words))
    secret = {
        str(number)
        for case in EXERCISES["double"].draw(SEED, 3)
        for number in case.arguments[0]
        if abs(number) > 9
    }
    assert len(secret) > 10
    visible = {
        str(number)
        for case in EXERCISES["double"].draw(PUBLIC_SEED)
        for number in case.arguments[0]
    }
    told = " ".join([*result.outputs.values(), *(s.text + s.page for s in result.scores.values())])
    assert not set(re.findall(r"-?\d+", told)) & (secret - visible)
    assert "ValueError" in told


@pytest.mark.sandbox
def test_words_of_the_answer_about_secret_inputs_are_not_told(grade):
    renamed = (
        "def double(numbers):\n    double.__signature__ = inspect.Signature([inspect.Parameter("
        "'n' + '_'.join(str(abs(n)) for n in numbers), inspect.Parameter.POSITIONAL_ONLY)])\n"
        "    twice = [2 * n for n in numbers]\n"
        "    if len(numbers) > 2: numbers.clear()\n    return twice"
    )
    result = grade(submission(before="import inspect", double=renamed))
    score = result.scores["check_double"]
    assert score.points < 2
    visible = [abs(n) for c in EXERCISES["double"].draw(PUBLIC_SEED) for n in c.arguments[0]]
    told = {int(found) for found in re.findall(r"\d+", f"{score.text} {score.summary}")}
    secret = {
        abs(n) for c in EXERCISES["double"].draw(SEED, 3) for n in c.arguments[0] if abs(n) > 9
    }
    assert not told & (secret - set(visible))


@pytest.mark.sandbox
def test_what_fails_on_secret_cases_only_is_said_without_an_example(grade):
    visible = [list(case.arguments[0]) for case in EXERCISES["double"].draw(PUBLIC_SEED)]
    answer = f"VISIBLE = {visible}\n{WRONG_IN_SECRET}"
    score = grade(submission(double=answer)).scores["check_double"]
    assert 0 < score.points < 2
    assert "the graded check tries other inputs" in score.text
    assert "expected" not in score.text


@pytest.mark.sandbox
def test_six_deaths_are_forgiven_and_the_other_exercises_keep_their_points(grade):
    before = "import os\nos._exit(0)"
    document = submission()
    for number in range(6):
        cell = {"cell_type": "code", "source": before, "metadata": {}, "id": f"dead-{number}"}
        document["cells"].insert(2, cell)
    result = grade(document)
    assert result.points == 8
    assert len(result.notes) == 6


@pytest.mark.sandbox
def test_cells_for_looking_at_and_cells_after_the_last_check_are_not_run(grade):
    result = grade(submission(after="print('after')"))
    assert "after" not in " ".join(result.outputs.values())
    assert result.errors == {}


@pytest.mark.sandbox
def test_an_exercise_whose_reference_fails_is_our_own_failure(grade, monkeypatch):
    broken = dataclasses.replace(EXERCISES["double"], reference="course_lib.text.nowhere:double")
    monkeypatch.setattr(engine, "find", {**EXERCISES, "double": broken}.__getitem__)
    with pytest.raises((CourseError, ImportError)):
        grade(submission())


ODD_VALUES = [
    None, 0, -1.5, float("nan"), 2**200, "", "text", b"bytes", [], [[]], [[1], [2, 3]], [None], (),
    {}, {"a": [1]}, {1: {2: 3}}, set(), {1, "a"}, frozenset({(1, 2)}), np.zeros((0, 3)),
    np.zeros((2, 0, 5)), np.array(3), np.array([1j]), np.array([True]), np.full(3, np.nan),
    [np.zeros(2), np.zeros(3)], {"a": np.zeros((2, 2))}, np.zeros((1,) * 30), [2**70, 1.5],
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXERCISES))
@pytest.mark.parametrize("place", range(len(ODD_VALUES)))
def test_no_value_of_any_form_breaks_the_judge_or_the_card(name, place):
    from course_lib.exercises import Outcome, judge
    from course_lib.exercises.card import as_html, as_text

    verdict = judge(EXERCISES[name], lambda case: Outcome(ODD_VALUES[place]), 3, 2)
    assert not verdict.passed
    assert as_text(verdict)
    assert as_html(verdict)
