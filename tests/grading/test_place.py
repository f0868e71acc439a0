from pathlib import Path

import pytest

from course_lib.grading.classroom import place
from course_lib.grading.classroom.nbgrader_course import course_api


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "c.CourseDirectory.source_directory = 'solutions'",
        "c.CourseDirectory.directory_structure = '{assignment_id}/{nbgrader_step}/{student_id}'",
    ],
)
def test_the_folders_are_those_that_nbgrader_itself_uses(tmp_path, lines):
    (tmp_path / place.CONFIG).write_text(f"c = get_config()\n{lines}\n")
    theirs = course_api(tmp_path).coursedir
    steps = {"source": theirs.source_directory, "release": theirs.release_directory}
    for step, name in steps.items():
        expected = Path(theirs.format_path(name, ".", "ch01")).resolve()
        assert place.course_folder(tmp_path, step, "ch01") == expected


def test_the_course_is_found_from_below(tmp_path):
    (tmp_path / place.CONFIG).write_text("c = get_config()\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert place.course_root(below) == tmp_path.resolve()
