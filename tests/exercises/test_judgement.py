import dataclasses

import pytest

from course_lib.errors import CourseError, InputError
from course_lib.exercises import Case, Outcome, judge
from course_lib.exercises.asking import outcome


def judged(exercise, answer, **options):
    return judge(exercise, lambda case: outcome(answer, exercise, case), **options)


def test_the_reference_gets_full_points(exercise):
    verdict = judged(exercise, exercise.reference_object(), rounds=3)
    assert (verdict.points, verdict.passed, verdict.cases) == (2, True, 12)


def test_points_are_given_by_aspect(exercise):
    verdict = judged(exercise, lambda numbers: sum(n * abs(n) for n in numbers))
    assert dict(verdict.aspects)["negative numbers"] is False
    assert verdict.points == 1.0  # empty and one number are right


def test_the_smallest_failing_case_is_the_example(exercise):
    verdict = judged(exercise, lambda numbers: sum(numbers) ** 2)
    assert verdict.failure.case.aspect == "negative numbers"
    assert verdict.failure.expected == 5.0
    assert verdict.failure.got.value == 9.0


def test_a_known_mistake_is_named(exercise):
    for mistake in exercise.mistakes:
        assert judged(exercise, mistake.implementation).mistake is mistake


def test_an_unknown_mistake_is_not_given_a_name(exercise):
    verdict = judged(exercise, lambda numbers: 42)
    assert verdict.mistake is None
    assert verdict.points == 0


def test_the_same_seed_draws_the_same_cases_and_another_seed_others(exercise):
    assert exercise.draw(7) == exercise.draw(7)
    assert exercise.draw(7) != exercise.draw(8)


def test_rounds_draw_anew(exercise):
    once, twice = exercise.draw(7), exercise.draw(7, rounds=2)
    assert twice[: len(once)] == once
    assert twice[len(once) :] != once


def test_negative_seeds_are_refused(exercise):
    with pytest.raises(InputError, match="seed"):
        exercise.draw(-1)


def test_a_changed_argument_is_a_fault_of_its_own_and_does_not_spoil_the_next_case(exercise):
    def greedy(numbers):
        total = 0
        while numbers:
            total += numbers.pop() ** 2
        return total

    verdict = judged(exercise, greedy)
    assert dict(verdict.aspects)["empty"]
    assert verdict.failure.difference == "your function changed `numbers`"
    assert verdict.named == "a changed argument"
    assert judged(dataclasses.replace(exercise, changes_arguments=True), greedy).passed


def test_after_a_time_out_nothing_more_is_asked(exercise):
    asked = []

    def answer(case):
        asked.append(case)
        return Outcome(error="TimeoutError: 5 s", timed_out=True)

    verdict = judge(exercise, answer)
    assert len(asked) == 1
    assert verdict.points == 0
    assert "in time" in verdict.diagnosis


def test_a_case_may_expect_an_error(exercise):
    def strict(numbers):
        if not numbers:
            raise ValueError("no numbers")
        return 0

    def cases(rng):
        yield Case("empty", []).raising(ValueError)
        yield Case("one", [0.0])

    picky = dataclasses.replace(
        exercise, cases=cases, reference="course_lib.exercises.sample:strict"
    )
    import sys

    sys.modules["course_lib.exercises.sample"].strict = strict
    try:
        assert judged(picky, strict).passed
        assert dict(judged(picky, sum).aspects) == {"empty": False, "one": True}
    finally:
        del sys.modules["course_lib.exercises.sample"].strict


def test_a_broken_reference_is_the_courses_fault(exercise):
    broken = dataclasses.replace(exercise, cases=lambda rng: [Case("text", ["a"])])
    with pytest.raises(CourseError, match="the exercise is broken, not the answer"):
        judged(broken, sum)


def test_the_dict_carries_no_case(exercise):
    verdict = judged(exercise, lambda numbers: 42)
    assert "42" not in str(verdict.to_dict())
    assert verdict.to_dict()["aspects"] == dict(verdict.aspects)
