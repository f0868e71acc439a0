import pytest

from course_lib.errors import InputError, UnknownExerciseError
from course_lib.exercises import chapters, find, load


def test_every_exercise_is_found_by_its_name():
    for chapter in chapters():
        for exercise in load(chapter):
            assert find(exercise.name) is exercise
            assert find(exercise.name) is exercise


def test_an_unknown_name_gets_a_suggestion():
    name = load(chapters()[0])[0].name
    with pytest.raises(UnknownExerciseError, match=f"did you mean {name}"):
        find(name + "x")


def test_an_unknown_chapter_is_refused():
    with pytest.raises(InputError, match="ch01_preprocessing"):
        load("ch77")
