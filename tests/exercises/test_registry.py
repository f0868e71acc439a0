import pytest

from course_lib.errors import InputError, UnknownExerciseError
from course_lib.exercises import chapters, find, load
from course_lib.exercises.registry import chapter_of


def test_every_exercise_is_found_by_its_name():
    for chapter in chapters():
        for exercise in load(chapter):
            assert find(exercise.name) is exercise
            assert chapter_of(exercise.name) == chapter


def test_an_unknown_name_gets_a_suggestion():
    name = load(chapters()[0])[0].name
    with pytest.raises(UnknownExerciseError, match=f"did you mean {name}"):
        find(name + "x")


def test_an_unknown_chapter_is_refused():
    with pytest.raises(InputError, match="ch01_preprocessing"):
        load("ch77")
