"""The picture of the rooms in docs/architecture.md is that of the imports."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
DRAWN = runpy.run_path(str(ROOT / "docs" / "draw_rooms.py"))


def test_the_picture_of_the_rooms_is_fresh():
    assert DRAWN["main"](["--check"]) == 0, "run: python docs/draw_rooms.py"


def test_imports_are_counted_by_room(tmp_path):
    package = tmp_path / "course_lib"
    for name, text in {"high/a.py": "from course_lib.low import b\nimport course_lib.low.b",
                       "low/b.py": "import os"}.items():  # fmt: skip
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    assert DRAWN["imports"](package) == {("high", "low"): 2}
    assert DRAWN["picture"](package).splitlines() == [
        " 1  high          1 files → low 2",
        " 0  low           1 files",
    ]


def test_every_file_that_the_page_names_exists():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Where to read")[2]
    named = [name for name in re.findall(r"`([\w/]+(?:\.py)?)`", page) if "/" in name]
    assert len(named) > 8
    assert [name for name in named if not (ROOT / "course_lib" / name).exists()] == []
