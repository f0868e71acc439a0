"""How the catalogue's entries are made: an honest submission, changed, and what it must get.

What an entry does not lose is named nowhere. A *spy* answers rightly only where its spying failed,
so that full points prove the wall.
"""

from dataclasses import dataclass, field

from tests.grading.sample_course import as_bytes, submission

FULL = {"check_double": 2.0, "check_count_words": 3.0, "check_row_sums": 2.0, "own_test": 1.0}
NOTHING = dict.fromkeys(FULL, 0.0)
NO_DOUBLE = {"check_double": 0.0, "own_test": 0.0}
WRONG = "def double(numbers):\n    return numbers + ['wrong']"


@dataclass(frozen=True)
class Odd:
    name: str
    handed_in: bytes
    gets: dict = field(default_factory=dict)
    note: str = ""

    @property
    def points(self):
        return FULL | self.gets


def odd(name, document, note="", **gets):
    renamed = {
        key if key == "own_test" else f"check_{key}": float(got) for key, got in gets.items()
    }
    return Odd(name, as_bytes(document), renamed, note)


def doubling(*lines):
    """Return an answer to the exercise double whose body is these lines."""
    return "import os, sys\ndef double(numbers):\n" + "\n".join(f"    {line}" for line in lines)


RIGHT = "return [2 * number for number in numbers]"


def spy(name, *lines):
    """Try something that must fail: an answer that is right when every line raised an error."""
    tries = []
    for line in lines:
        tries += ["try:", f"    {line}", "    spied.append(1)", "except Exception:", "    pass"]
    before = "import os, sys, socket, ctypes, subprocess\nspied = []\n" + "\n".join(tries)
    return odd(
        name, submission(before=before, double=doubling("return spied or [2 * n for n in numbers]"))
    )


def changed(change, **answers):
    document = submission(**answers)
    change(document)
    return document


def cell_of(document, grade_id):
    marks = ((cell, cell["metadata"].get("nbgrader", {})) for cell in document["cells"])
    return next(cell for cell, mark in marks if mark.get("grade_id") == grade_id)
