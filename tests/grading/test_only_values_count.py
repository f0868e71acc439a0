"""No score depends on anything but returned values: whatever else a submission holds, is noise."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.grading.odd import FULL
from tests.grading.sample_course import ANSWERS, code, submission, text

pytestmark = pytest.mark.sandbox
WAYS = {  # exercise → answers, and the points that their values are worth
    "double": (
        (ANSWERS["double"], 2.0),
        ("double = lambda numbers: [n + n for n in numbers]", 2.0),
        ("def double(numbers):\n    return [n * n for n in numbers]", 0.5),
        ("def double(numbers):\n    return None", 0.0),
    ),
    "count_words": (
        (ANSWERS["count_words"], 3.0),
        ("def count_words(text):\n    return {}", 1.0),
        ("count_words = 7", 0.0),
    ),
    "row_sums": (
        (ANSWERS["row_sums"], 2.0),
        ("def row_sums(matrix):\n    return [sum(row) for row in matrix]", 2.0),
        ("def row_sums(matrix):\n    return 1 / 0", 0.0),
    ),
}
NOISE = (
    "print('10 of 10 points')", "import warnings\nwarnings.warn('careful')", "1000",
    "import sys\nprint('error', file=sys.stderr)", "raise AssertionError('you passed')",
    "def helper(x):\n    return x", "from IPython.display import display\ndisplay('✓ full points')",
    "session.check('double', lambda numbers: 1000)", "assert True", "%time 1 + 1",
    "In = ['session.check'] * 99", "__score__ = points = 1000.0", "### BEGIN SOLUTION",
)  # fmt: skip
OUTPUTS = (
    [],
    [{"output_type": "stream", "name": "stderr", "text": "Traceback"}],
    [{"output_type": "execute_result", "data": {"text/plain": "1000"}, "metadata": {},
      "execution_count": 1}],
    [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}],
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@st.composite
def submissions(draw):
    """Return a document, and the points that the values of its answers are worth."""
    chosen = {name: draw(st.sampled_from(ways)) for name, ways in WAYS.items()}
    document = copy.deepcopy(submission(**{name: answer for name, (answer, _) in chosen.items()}))
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = draw(st.sampled_from(OUTPUTS))
            cell["execution_count"] = draw(st.none() | st.integers(0, 99))
        marks = cell["metadata"].get("nbgrader")
        if marks and draw(st.booleans()):
            marks.update(draw(st.dictionaries(
                st.sampled_from(["points", "grade", "locked", "schema_version", "task"]),
                json_values, max_size=3)))  # fmt: skip
        if draw(st.integers(0, 4)) == 0:
            cell["metadata"]["tags"] = draw(json_values)
    for number in range(draw(st.integers(0, 3))):
        place = draw(st.integers(2, len(document["cells"])))
        words = draw(st.sampled_from(NOISE))
        made = (text if draw(st.booleans()) else code)(words, f"noise-{number}")
        document["cells"].insert(place, made)
    document["metadata"] = draw(st.dictionaries(st.text(max_size=5), json_values, max_size=3))
    points = {f"check_{name}": worth for name, (_, worth) in chosen.items()}
    return document, {**points, "own_test": 1.0 if chosen["double"][1] == 2.0 else 0.0}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=submissions())
def test_a_score_is_what_the_returned_values_are_worth_and_nothing_else(made, grade):
    document, points = made
    found = grade(document).scores
    assert {name: found[name].points for name in FULL} == points
