import subprocess
import sys

import pytest

from course_lib.exercises import chapters, index, load


@pytest.mark.parametrize("chapter", chapters())
def test_the_index_says_of_each_exercise_what_the_exercise_says(chapter):
    asked = ("name", "points", "difficulty", "minutes", "kind")
    indexed = [tuple(getattr(entry, name) for name in asked) for entry in index(chapter)]
    assert indexed == [tuple(getattr(one, name) for name in asked) for one in load(chapter)]


def test_reading_the_index_imports_nothing_heavy():
    code = (
        "import sys; from course_lib.exercises import chapters, index; "
        "[index(chapter) for chapter in chapters()]; "
        "print(sorted({'torch', 'sklearn', 'gensim'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
