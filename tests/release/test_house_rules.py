import copy

import pytest

from course_lib.release import faults
from tests.release.conftest import CHAPTER, cell


@pytest.fixture
def found(document, write, tmp_path):
    """Spoils a sound notebook and returns what is found wrong with it."""

    def spoilt(spoil=lambda document: None):
        mine = copy.deepcopy(document)
        spoil(mine)
        write(mine)
        return "\n".join(faults(CHAPTER, tmp_path))

    return spoilt


def test_a_sound_notebook_has_no_faults(found):
    assert found() == ""


def test_a_long_code_cell_is_a_fault(found):
    def spoil(document):
        cell(document, "set-up")["source"] += "\nx = 1" * 20

    assert "lines of code" in found(spoil)


def test_a_wide_line_of_code_is_a_fault_but_marks_on_letters_take_no_room(found):
    def spoil(line):
        def spoilt(document):
            cell(document, "set-up")["source"] += f"\nwide = '{line}'"

        return spoilt

    assert "a line of code of 109 columns" in found(spoil("x" * 100))
    assert found(spoil("स्वतन्त्र " * 13)) == ""


def test_a_long_text_is_a_fault_but_tables_and_formulas_do_not_count(found):
    def table(document):
        cell(document, "title")["source"] += "\n| a | b |" * 90 + "\n$$\n" + "x " * 90 + "\n$$"

    def prose(document):
        cell(document, "title")["source"] += "\n" + "word " * 91

    assert found(table) == ""
    assert "words" in found(prose)


def test_a_solution_without_its_marks_is_a_fault(found):
    def spoil(document):
        cell(document, "answer-double")["source"] = "double = 1"

    assert "solution cell double lacks its BEGIN or END SOLUTION" in found(spoil)


@pytest.mark.parametrize("told", ["{double}", "★★☆☆☆ · 2 minutes", "★☆☆☆☆ · 3 minutes"])
def test_the_text_tells_the_difficulty_and_the_time_of_its_exercise(found, told):
    def spoil(document):
        cell(document, "text-double")["source"] = told

    assert "solution of double lacks: ★☆☆☆☆ · 2 minutes" in found(spoil)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("check-double", "the solution cell double has no check"),
        ("answer-double", "the check of double has no solution cell"),
    ],
)
def test_an_exercise_and_its_check_belong_together(found, missing, words):
    def spoil(document):
        document["cells"].remove(cell(document, missing))

    assert words in found(spoil)


def test_a_check_that_would_stop_run_all_is_a_fault(found):
    def spoil(document):
        cell(document, "check-double")["metadata"].pop("tags")

    assert "lacks the tag raises-exception" in found(spoil)


def test_outputs_are_a_fault(found):
    def spoil(document):
        cell(document, "set-up")["execution_count"] = 1

    assert "it has outputs" in found(spoil)


def test_cells_need_ids_of_their_own(found):
    def spoil(document):
        cell(document, "set-up")["id"] = "title"

    assert "an id each" in found(spoil)


def test_four_code_cells_in_a_row_are_a_fault(found):
    def spoil(document):
        set_up = cell(document, "set-up")
        document["cells"][2:2] = [{**set_up, "id": f"more-{n}", "source": "x = 1"} for n in "abc"]

    assert "code cells stand in a row" in found(spoil)


def test_a_chapter_asks_for_its_exercises_in_their_order(found):
    def spoil(document):
        for identity in ("text-row_sums", "answer-row_sums", "check-row_sums"):
            document["cells"].remove(cell(document, identity))

    assert "the notebooks ask for ['double', 'count_words']" in found(spoil)
