"""The notebooks of the course themselves obey the house's rules and are what their sources give."""

import pytest

from course_lib.exercises import chapters
from course_lib.release import faults, write_release


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapters_sources_obey_the_rules(chapter):
    assert faults(chapter) == []


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapters_released_notebooks_are_what_its_sources_give(chapter):
    assert write_release(chapter, check_only=True) == []
