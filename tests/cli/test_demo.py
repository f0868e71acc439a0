import pytest

from course_lib.cli import demo
from course_lib.errors import CourseError

SETTINGS = "c = get_config()\nc.CourseDirectory.source_directory = 'solutions'\n"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "course"
    (folder / "solutions").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(SETTINGS)
    return folder


def test_a_folder_of_somebody_elses_is_never_emptied(source, tmp_path):
    with pytest.raises(CourseError, match="an empty folder, or an earlier demo's"):
        demo._fresh_course(source, source)
    assert (source / "nbgrader_config.py").exists()


def test_an_earlier_demo_is_made_anew(source, tmp_path):
    root = demo._fresh_course(source, tmp_path / "demo")
    (root / "gradebook.db").write_text("old")
    assert demo._fresh_course(source, tmp_path / "demo") == root
    assert not (root / "gradebook.db").exists()
    assert (root / "solutions").is_dir()
