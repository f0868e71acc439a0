import base64
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.grading.isolation.limits import Limits
from course_lib.grading.judging.rebuild import rebuild
from course_lib.grading.judging.source import parse_source
from tests.grading.odd import cell_of, changed
from tests.grading.sample_course import as_bytes, code, notebook, submission, text


def steps_of(document, read_sample):
    return rebuild(as_bytes(document), read_sample).steps


def sources(document, read_sample):
    return [step.source for step in steps_of(document, read_sample)]


def test_an_untouched_notebook_is_rebuilt_as_it_is(read_sample):
    document = submission()
    rebuilt = rebuild(as_bytes(document), read_sample)
    assert [step.source for step in rebuilt.steps] == [cell["source"] for cell in document["cells"]]
    assert rebuilt.notes == []


def test_points_kinds_and_checks_come_from_the_source_alone(read_sample):
    def forge(document):
        for cell in document["cells"]:
            cell["metadata"] = {"nbgrader": {**cell["metadata"].get("nbgrader", {}), "points": 99}}
            if "session.check" in cell["source"]:
                cell["source"] = "print('checked')"

    steps = steps_of(changed(forge), read_sample)
    assert [step.cell for step in steps] == list(read_sample.cells)
    assert "print('checked')" not in [step.source for step in steps]


def test_a_cell_of_their_own_keeps_its_place_and_loses_its_metadata(read_sample):
    document = submission()
    place = document["cells"].index(cell_of(document, "count_words"))
    document["cells"].insert(place, code("helper = 1", "mine", tags=["remove"], nbgrader={"x": 1}))
    steps = steps_of(document, read_sample)
    assert steps[place].source == "helper = 1"
    assert steps[place].cell.metadata == {}


def test_a_missing_answer_is_empty_and_noted(read_sample):
    document = submission()
    document["cells"].remove(cell_of(document, "double"))
    rebuilt = rebuild(as_bytes(document), read_sample)
    assert "the cell double is missing" in rebuilt.notes


def test_without_metadata_a_cell_that_only_uses_a_name_is_no_answer(read_sample):
    document = submission()
    for cell in document["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    document["cells"].insert(4, {"cell_type": "code", "source": "print(double([1]))"})
    answers = {
        step.cell.grade_id: step.source
        for step in steps_of(document, read_sample)
        if step.cell.role == "solution"
    }
    assert answers["double"].startswith("def double")


def test_a_locked_cell_of_the_source_cannot_be_edited(read_sample):
    document = notebook()
    document["cells"][1]["metadata"] = {
        "nbgrader": {"locked": True, "grade": False, "solution": False, "grade_id": "set-up"}
    }

    locked = parse_source(as_bytes(document), Path("locked.ipynb"))
    edited = submission()
    edited["cells"][1]["source"] = "raise SystemExit"
    assert "raise SystemExit" not in sources(edited, locked)
    assert "raise SystemExit" in sources(edited, read_sample)


def test_a_hundred_thousand_cells_are_cut(read_sample):
    document = submission()
    document["cells"] += [code("1", f"more-{number}") for number in range(10_000)]
    assert len(steps_of(document, read_sample)) < 2_100


def test_a_file_that_is_too_large_is_not_read(read_sample):
    rebuilt = rebuild(b" " * 11, read_sample, Limits(submission_bytes=10))
    assert rebuilt.notes[0].startswith("the file is larger")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values,
        "source": st.sampled_from(["def double(x): pass", "x = '\ud800'"]) | json_values,
        "id": st.sampled_from(["set-up", "answer-double"]) | json_values,
        "metadata": json_values
        | st.fixed_dictionaries(
            {"nbgrader": json_values | st.fixed_dictionaries({"grade_id": json_values})}
        ),
    },
)


@given(st.lists(cells | json_values, max_size=6), json_values)
@settings(deadline=None, max_examples=150)
def test_any_json_at_all_is_rebuilt_into_the_sources_cells(made, other):
    source = parse_source(as_bytes(notebook()), Path("source.ipynb"))
    for document in ({"cells": made}, {"cells": other}, {"worksheets": other}, other):
        rebuilt = rebuild(json.dumps(document).encode(), source)
        kept = [step.cell for step in rebuilt.steps if step.cell in source.cells]
        assert kept == list(source.cells)
        for step in rebuilt.steps:
            step.source.encode()


@given(st.binary(max_size=100))
def test_any_bytes_at_all_are_rebuilt(content):
    source = parse_source(as_bytes(notebook()), Path("source.ipynb"))
    assert len(rebuild(content, source).steps) >= len(source.cells)


def texts_of(document, read_sample):
    return [step.source for step in steps_of(document, read_sample) if "MINE" in step.source]


def test_an_essay_without_metadata_is_known_by_its_cell(read_sample):
    document = submission(essay="MINE, forty lines of it")
    for cell in document["cells"]:
        cell["metadata"] = {"id": "colab"}
    rebuilt = rebuild(as_bytes(document), read_sample)
    (step,) = [step for step in rebuilt.steps if "MINE" in step.source]
    assert step.cell.grade_id == "essay"
    assert rebuilt.notes == []
    assert not rebuilt.has_own_texts


def test_a_text_in_a_cell_of_their_own_is_kept_where_it_stands(read_sample):
    document = submission(essay="YOUR ANSWER HERE")
    document["cells"].append(text("MINE, in a cell below", "mine", nbgrader={"grade": True}))
    rebuilt = rebuild(as_bytes(document), read_sample)
    assert rebuilt.steps[-1].source == "MINE, in a cell below"
    assert rebuilt.steps[-1].cell.metadata == {}
    assert rebuilt.has_own_texts


def test_an_answer_written_into_one_of_the_given_texts_is_kept(read_sample):
    document = submission()
    document["cells"][0]["source"] = "# A course\n\nMINE"
    assert texts_of(document, read_sample) == ["# A course\n\nMINE"]


def test_given_texts_that_were_saved_with_other_spaces_are_nobodys_own(read_sample):
    document = submission()
    document["cells"][0]["source"] = "#  A course\n"
    assert not rebuild(as_bytes(document), read_sample).has_own_texts


def test_a_pasted_picture_is_kept_and_anything_else_is_not(read_sample):
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
    document = submission(essay="My drawing: ![](attachment:mine.png)")
    cell_of(document, "essay")["attachments"] = {
        "mine.png": {"image/png": [png[:8], png[8:]], "text/html": "<script>"},
        "forged.png": {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        "page.html": {"text/html": "<script>"},
        "broken.png": {"image/png": "not base64 at all"},
        "list.png": [1, 2],
    }
    (step,) = [step for step in steps_of(document, read_sample) if "drawing" in step.source]
    assert step.attachments == {"mine.png": {"image/png": png}}
