"""What `course check`, a part of the whole run, does not look at."""

import pytest

from course_lib.exercises import chapters, load

EXERCISES = [exercise for chapter in chapters() for exercise in load(chapter)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_no_hint_or_diagnosis_is_longer_than_a_card_can_show(exercise):
    texts = [*exercise.hints, *(mistake.diagnosis for mistake in exercise.mistakes)]
    assert max(map(len, texts)) <= 300
