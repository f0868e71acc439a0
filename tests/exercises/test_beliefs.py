"""What can be said of a wrong answer without its exercise: each belief by the smallest example."""

import dataclasses
import time

import numpy as np
import pytest

from course_lib.exercises import Case, Exercise, Mistake, Outcome, close, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.returned import ARRAY, LIST
from tests.exercises import sample


def numbers_exercise(reference, *values, returns=None):
    """An exercise with one aspect for each value, whose reference lies in the sample module."""

    def cases(rng):
        for place, value in enumerate(values):
            yield Case(f"case {place}", value)

    return Exercise(
        name="told", points=1, difficulty=1, minutes=1, cases=cases, mistakes=(), hints=(),
        reference=f"course_lib.exercises.sample:{reference}", compare=close(), returns=returns,
    )  # fmt: skip


@pytest.fixture
def named(monkeypatch):
    """Judges an answer against a right one and returns what it is called."""
    import sys

    monkeypatch.setitem(sys.modules, "course_lib.exercises.sample", sample)

    def judged(answer, right, *values, returns=None):
        monkeypatch.setattr(sample, "right", right, raising=False)
        exercise = numbers_exercise("right", *values, returns=returns)
        return judge(exercise, lambda case: outcome(answer, exercise, case)).named

    return judged


TABLE = np.arange(6.0).reshape(2, 3)
SQUARE = np.arange(9.0).reshape(3, 3)


def double(x):
    return 2.0 * np.asarray(x)


@pytest.mark.parametrize(
    ("belief", "answer"),
    [
        ("the sign", lambda x: -double(x)),
        ("transposed", lambda x: double(x).T),
        ("a constant factor", lambda x: 3 * double(x)),
        ("not a number", lambda x: double(x) * np.nan),
        ("nothing returned", lambda x: None),
        ("printed, not returned", print),
        ("only the first", lambda x: double(x)[0]),
    ],
)
def test_what_wrong_numbers_look_like_is_named(named, belief, answer):
    assert named(answer, double, TABLE + 1, SQUARE + 1) == belief


@pytest.mark.parametrize(
    ("belief", "answer"),
    [
        ("back to front", lambda items: items[::-1]),
        ("another order", sorted),
        ("off by one", lambda items: [0, *items[:-1]]),
        ("off by one", lambda items: items[1:]),
        ("only the first", lambda items: items[:1]),
        ("off by one", lambda items: [item + 1 for item in items]),
    ],
)
def test_what_wrong_lists_look_like_is_named(named, belief, answer):
    assert named(answer, lambda items: items, [3, 1, 2, 5], [9, 4, 7]) == belief


def test_an_overflow_is_told(named):
    def in_bytes(x):
        return (x.astype(np.uint8) * np.uint8(3)).astype(np.uint8)

    assert named(in_bytes, lambda x: 3 * x, np.array([90, 200, 5])) == "overflow"


def test_integer_division_is_told(named):
    assert named(lambda x: x // 2, lambda x: x / 2, 7, 9) == "whole numbers only"


def test_state_kept_between_calls_is_told(named):
    def greedy(items, kept=[]):  # noqa: B006 - the mistake itself
        kept.extend(items)
        return list(kept)

    assert named(greedy, list, [1], [2, 3]) == "state kept between calls"


def test_a_list_outside_the_function_is_state_too(named):
    calls = []

    def answer(items):
        calls.append(1)
        return sum(items) + len(calls) - 1

    assert named(answer, sum, [1], [2]) == "state kept between calls"


def test_the_result_instead_of_the_function_is_told(named):
    assert named(double(TABLE), double, TABLE) == "the result passed"


def test_another_type_and_a_changed_argument_are_told(named):
    assert named(lambda x: double(x).tolist(), double, TABLE, returns=ARRAY) == "another type"

    def in_place(items):
        items.sort()
        return items

    assert named(in_place, sorted, [2, 1], returns=LIST) == "a changed argument"


def test_slow_is_told_apart_from_endless(exercise):
    def answered(times):
        outcomes = iter(times)

        def answer(case):
            seconds = next(outcomes)
            if seconds >= 5:
                return Outcome(error="TimeoutError: 5 s", timed_out=True, seconds=5.0)
            return Outcome(exercise.reference_object()(*case.arguments), seconds=seconds)

        return judge(exercise, answer)

    assert answered([0.001, 5.0]).named == "endless"
    slow = answered([0.01, 0.4, 5.0])
    assert slow.named == "slow"
    assert "5 s" in slow.diagnosis


def test_two_faults_at_once_are_named_by_the_one_that_explains_the_shown_case(exercise):
    def both(numbers):
        if len(numbers) > 3:
            return 17.0
        return sum(numbers) ** 2  # the square of the sum

    verdict = judge(exercise, lambda case: outcome(both, exercise, case))
    assert verdict.partly
    assert verdict.named == "square of the sum"


def test_a_mistake_that_is_wrong_where_the_answer_is_right_is_not_named(exercise):
    def lucky(numbers):
        return sample.sum_of_squares(numbers) if len(numbers) != 2 else sum(numbers)

    wrong = dataclasses.replace(
        exercise, mistakes=(Mistake("plain sum", sum, "The numbers are added as they are."),)
    )
    verdict = judge(wrong, lambda case: outcome(lucky, wrong, case))
    assert verdict.mistake is None


def test_the_mistakes_of_an_exercise_come_before_general_beliefs(exercise):
    verdict = judge(exercise, lambda case: outcome(sum, exercise, case))
    assert verdict.named == "plain sum"


def test_judging_a_wrong_answer_again_does_not_run_the_mistakes_again(exercise):
    calls = []

    def slow_mistake(numbers):
        calls.append(1)
        time.sleep(0.001)
        return 1.0

    slow = dataclasses.replace(exercise, mistakes=(Mistake("one", slow_mistake, "…"),))
    for _ in range(3):
        judge(slow, lambda case: outcome(lambda numbers: 1.0, slow, case))
    assert len(calls) <= len(slow.draw(0))
