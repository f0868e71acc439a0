"""The README says what is there: chapters, commands, files."""

import json
import re
from pathlib import Path

from course_lib.cli.application import application
from course_lib.cli.listing import described_chapters

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COLAB = "https://colab.research.google.com/github/words-and-pixels/words-and-pixels/blob/main"


def _title(path):
    first = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
    return "".join(first).splitlines()[0].removeprefix("# ").strip()


def _row(chapter):
    """Return a chapter's row: titles that lead to the notebooks, and to Colab."""
    links = []
    for notebook in chapter["notebooks"]:
        path = f"notebooks/{chapter['name']}/{notebook['name']}.ipynb"
        links.append(f"[{_title(ROOT / path)}]({path}) ([Colab]({COLAB}/{path}))")
    number, _, subject = chapter["name"].removeprefix("ch").partition("_")
    exercises = sum(len(notebook["exercises"]) for notebook in chapter["notebooks"])
    return f"| {number} {subject.replace('_', ' ')} | {'<br>'.join(links)} | {exercises} |"


def test_the_table_of_chapters_is_that_of_the_course():
    table = README.partition("<!-- chapters:")[2].partition("<!-- end of chapters -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| 0")]
    assert rows == [_row(chapter) for chapter in described_chapters()]


def test_every_file_that_is_named_exists():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert len(links) > 15
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_that_is_named_exists():
    known = {command.name for command in application.registered_commands}
    named = set(re.findall(r"(?:bin/course|`course) (\w+)", README))
    assert named
    assert named <= known


def test_every_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.M))
    assert set(re.findall(r"^make (\w+)", README, re.M)) <= targets


def test_every_recipe_can_be_read():
    from course_lib.training import read_recipe

    recipes = sorted((ROOT / "recipes").glob("*.toml"))
    assert recipes
    for path in recipes:
        assert read_recipe(path).training.steps > 0


def test_every_speed_is_one_that_was_measured():
    table = README.partition("<!-- speed")[2].partition("<!-- end of speed -->")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if " × |" in line]
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    measured = {
        (cells[0], cells[3])
        for cells in (line.strip("| ").split(" | ") for line in results.splitlines())
        if len(cells) > 3
    }
    assert len(rows) > 5
    assert [row for row in rows if (row[0].partition(": ")[2], row[1]) not in measured] == []
