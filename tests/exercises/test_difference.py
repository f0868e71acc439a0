import dataclasses

import pytest

from course_lib.errors import CourseError
from course_lib.exercises import Outcome, exactly
from course_lib.exercises.difference import changed_arguments, difference, form_fault, tolerant
from course_lib.exercises.form import form_of
from course_lib.exercises.returned import LIST


def test_a_comparison_that_is_itself_broken_is_our_own_failure():
    def broken(got, expected):
        raise TypeError("ours")

    with pytest.raises(CourseError, match="comparison"):
        tolerant(broken)([1], [1])


def test_a_value_that_a_comparison_cannot_take_is_the_learners():
    compare = tolerant(lambda got, want: exactly(got["a"], want["a"]))
    assert compare([1], {"a": 1}) == "got a value of another form (TypeError)"


def test_the_value_is_said_before_its_form(exercise):
    picky = dataclasses.replace(exercise, returns=LIST)
    (case, *_), right = exercise.draw(0), Outcome(0)
    wrong, other = (Outcome(value, form=form_of(value)) for value in (3, 0))
    assert difference(picky, case, wrong, right) == "got 3, expected 0"
    assert difference(picky, case, other, right) == (
        "an integer came back; asked for is a list: return list(…) of it"
    )


def test_a_form_that_is_no_form_is_no_fault_of_ours(exercise):
    picky = dataclasses.replace(exercise, returns=LIST)
    assert form_fault(picky, Outcome(0, form=[1, 2])) is None
    assert form_fault(picky, Outcome(0, form={"kind": {"a": 1}})) is not None


def test_a_changed_argument_is_no_fault_where_it_is_asked_for(exercise):
    changed = Outcome(0, changed=("numbers",))
    assert changed_arguments(exercise, changed) == "your function changed `numbers`"
    asked = dataclasses.replace(exercise, changes_arguments=True)
    assert changed_arguments(asked, changed) is None
