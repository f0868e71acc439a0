"""A notebook of somebody else's course: nbgrader's own cells of every kind, and nothing of ours."""

from tests.grading.sample_course import code, nbgrader_marks, text

SETUP = "import json\nimport numpy as np\n\nprices = json.load(open('prices.json'))"
SOLUTION = "    ### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"
MEAN = "def mean(numbers):\n" + SOLUTION.format("return sum(numbers) / len(numbers)")
MEAN_TEST = (
    "assert mean([1, 3]) == 2\n"
    "### BEGIN HIDDEN TESTS\nassert mean([31337]) == 31337\n### END HIDDEN TESTS"
)
SPREAD = "def spread(numbers):\n" + SOLUTION.format("return max(numbers) - min(numbers)")
SPREAD_TEST = """score = 0.0
try:
    score += 1.5 * (spread([1, 4]) == 3)
    score += 1.5 * (spread([5]) == 0)
except Exception:
    pass
np.float64(score)"""
PRICE_TEST = "assert mean(prices) == 5.0"
FILES = (("prices.json", b"[4, 6]"),)


def test_cell(source, grade_id, points):
    marks = nbgrader_marks(grade_id, grade=True, locked=True, points=points)
    return code(source, grade_id, **marks)


def notebook(mean=MEAN, spread=SPREAD, essay="It is the middle.", setup=SETUP):
    """Return the source; with other answers, what a learner hands in."""
    task = nbgrader_marks("survey", points=2)
    task["nbgrader"]["task"] = True
    manual = nbgrader_marks("plot", grade=True, solution=True, points=2)
    words = nbgrader_marks("essay", grade=True, solution=True, points=3)
    cells = [
        text("# Means", "title"),
        code(setup, "setup"),
        code(mean, "mean", **nbgrader_marks("mean", solution=True)),
        test_cell(MEAN_TEST, "test_mean", 2),
        test_cell("assert mean", "mean_is_there", 0),
        code(spread, "spread", **nbgrader_marks("spread", solution=True)),
        test_cell(SPREAD_TEST, "test_spread", 3),
        test_cell(PRICE_TEST, "test_prices", 1),
        code("### BEGIN SOLUTION\nchart = prices\n### END SOLUTION", "plot", **manual),
        text(essay, "essay", **words),
        text("Ask five people.", "survey", **task),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def as_schema(document, version):
    """Write the metadata as nbgrader did years ago: no tasks, points as text, marks left out."""
    for cell in document["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if not marks:
            continue
        if marks.pop("task", False):
            cell["metadata"] = {}
            continue
        marks["schema_version"] = version
        if version == 0:
            del marks["schema_version"]
            for name in ("grade", "solution", "locked"):
                if not marks[name]:
                    del marks[name]
            marks["points"] = str(marks.get("points", ""))
    document["cells"].append(code("pass", "nothing", nbgrader={"grade_id": "", "points": ""}))
    return document
