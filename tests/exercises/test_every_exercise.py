import pytest

from course_lib.exercises import chapters, load
from course_lib.exercises.audit import audit

EXERCISES = [exercise for chapter in chapters() for exercise in load(chapter)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_reference_passes_stubs_get_nothing_and_each_mistake_is_named(exercise):
    assert audit(exercise, seeds=range(2)).faults == ()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_no_hint_or_diagnosis_is_longer_than_a_card_can_show(exercise):
    texts = [*exercise.hints, *(mistake.diagnosis for mistake in exercise.mistakes)]
    assert max(map(len, texts)) <= 300
