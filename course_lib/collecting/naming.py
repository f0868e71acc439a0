"""Whose a file is, and which notebook it answers, told by its name alone.

Known are nbgrader's own folders, the downloads of Moodle and Canvas, and a pattern of your own.
A learner's name is kept to letters, digits, ``._-`` so that it is a folder's name everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from course_lib.errors import InputError

MOODLE = re.compile(
    r"(?P<who>[^/]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?:/(?P<file>.+))?"
)
"""``Ada Lovelace_12345_assignsubmission_file_/01_words.ipynb``: the number is another one for
each assignment, so that it cannot be a part of a learner's name."""
MOODLE_FLAT = re.compile(
    r"(?P<who>[^/]+)_(?P<number>\d+)_assignsubmission_file_(?P<file>[^/]+\.ipynb)"
)
CANVAS = re.compile(
    r"(?P<who>[^/_]+?)(?:_(?P<late>LATE))?_(?P<number>\d+)_(?P<other>\d+)_(?P<file>[^/]+\.ipynb)"
)
"""``lovelaceada_LATE_12345_67890_01_words-2.ipynb``: the user, its number, the file's number."""
AGAIN = re.compile(r"(?:[-_ ]\d{1,3}|[-_ ]?\(\d+\)|[-_ ]?copy\d*)$", re.IGNORECASE)
"""What browsers and Canvas add to the name of a file that was handed in again."""
NOT_A_NAME = re.compile(r"[^\w.-]+")
MOST_CHARACTERS = 80
FIELDS = {"student": r"(?P<student>[^/]+?)", "notebook": r"(?P<notebook>[^/]+?)", "any": r"[^/]*"}


@dataclass(frozen=True)
class Named:
    """Whose a file is, which notebook it answers, which attempt it is.

    ``number`` is the platform's own for the learner: two of one name have two.
    """

    student: str
    notebook: str
    attempt: int = 1
    number: str = ""
    late: bool = False


def recognise(name: str, notebooks: Iterable[str], pattern: str | None = None) -> Named | None:
    """Return whose file ``name`` is and which of ``notebooks`` (without ``.ipynb``) it answers.

    ``pattern`` is a name with ``{student}``, ``{notebook}`` and ``{any}``, for loose notebooks.
    Returns ``None`` for a name that says neither. Raises ``InputError`` for a bad pattern.

    >>> recognise("lovelaceada_LATE_12_345_01_words-2.ipynb", ["01_words"])
    Named(student='lovelaceada', notebook='01_words', attempt=2, number='12', late=True)
    >>> recognise("Ada Lovelace_12_assignsubmission_file_/01_words.ipynb", ["01_words"]).student
    'Ada_Lovelace'
    """
    if not name.endswith(".ipynb"):
        return None
    if pattern:
        return _by_pattern(name, tuple(notebooks), pattern)
    for known in (MOODLE_FLAT, MOODLE, CANVAS):
        found = known.search(name)
        if found and found.group("file"):
            given, late = found.groupdict(), "late" in found.groupdict() and found["late"]
            named = _named(given["who"], given["file"], notebooks)
            return named and replace(named, number=given["number"], late=bool(late))
    parts = PurePosixPath(name).parts
    if len(parts) >= 2:  # nbgrader's own: NAME/CHAPTER/notebook.ipynb, or NAME/notebook.ipynb
        return _named(parts[-3] if len(parts) >= 3 else parts[0], parts[-1], notebooks)
    return None


def student_name(who: str) -> str | None:
    """Return a learner's name as a folder may bear it; ``None`` where nothing is left of it.

    >>> student_name("Zoë  O'Neil"), student_name("..")
    ('Zoë_O_Neil', None)
    """
    kept = NOT_A_NAME.sub("_", unicodedata.normalize("NFC", who)).strip("._-")
    return kept[:MOST_CHARACTERS] or None


def _named(who: str, file: str, notebooks: Iterable[str]) -> Named | None:
    student = student_name(who)
    stem, attempt = PurePosixPath(file).name.removesuffix(".ipynb"), 1
    known = tuple(notebooks)
    while stem not in known and (found := AGAIN.search(stem)):
        number = re.sub(r"\D", "", found.group())
        stem, attempt = stem[: found.start()], attempt if not number else int(number)
    if student is None or stem not in known:
        return None
    return Named(student, stem, attempt)


def _by_pattern(name: str, notebooks: tuple[str, ...], pattern: str) -> Named | None:
    words = re.split(r"\{(\w+)\}", pattern.removesuffix(".ipynb"))
    fields = words[1::2]
    wrong = [field for field in fields if field not in FIELDS] or len(set(fields)) < len(fields)
    if wrong or "student" not in fields:
        raise InputError("the name pattern", expected="{student} once, {notebook} and {any}",
                         got=pattern, remedy="for example '{student}_{notebook}'")  # fmt: skip
    parts = [FIELDS[word] if odd else re.escape(word) for word, odd in _alternately(words)]
    found = re.fullmatch("".join(parts), _end_of(name, pattern).removesuffix(".ipynb"))
    if found is None:
        return None
    if "notebook" in fields:
        return _named(found["student"], f"{found['notebook']}.ipynb", notebooks)
    only = notebooks[0] if len(notebooks) == 1 else ""
    return _named(found["student"], f"{only}.ipynb", notebooks)


def _alternately(words: list[str]) -> list[tuple[str, bool]]:
    return [(word, number % 2 == 1) for number, word in enumerate(words)]


def _end_of(name: str, pattern: str) -> str:
    """Return as many folders of a name, from its end, as the pattern has."""
    return "/".join(PurePosixPath(name).parts[-1 - pattern.count("/") :])
