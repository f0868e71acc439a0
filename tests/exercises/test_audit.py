import dataclasses

import pytest

from course_lib.exercises import Mistake
from course_lib.exercises.audit import audit


def test_a_sound_exercise_has_no_faults(exercise):
    found = audit(exercise, range(3))
    assert found.faults == ()
    assert found.failed_aspects["plain sum"] == {"one number", "negative numbers", "many numbers"}


def with_mistake(exercise, name, implementation):
    return dataclasses.replace(
        exercise, mistakes=(*exercise.mistakes, Mistake(name, implementation, "…"))
    )


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda e: dataclasses.replace(e, mistakes=e.mistakes[:2]), "2 mistakes, at least 3"),
        (lambda e: dataclasses.replace(e, hints=e.hints[:1]), "1 hints, 3 are needed"),
        (lambda e: with_mistake(e, "none at all", e.reference_object()), "'none at all' passes"),
        (lambda e: with_mistake(e, "sum again", sum), "'sum again' is taken for 'plain sum'"),
        (
            lambda e: dataclasses.replace(e, mistakes=e.mistakes[:1]),
            "no mistake fails the aspect 'empty'",
        ),
    ],
)
def test_each_fault_is_found(exercise, spoil, fault):
    assert any(fault in found for found in audit(spoil(exercise), range(2)).faults)
