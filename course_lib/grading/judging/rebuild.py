"""Rebuilding a submission: the source notebook with the learner's code in its solution cells.

A solution cell of the submission is known by its grade_id, else by the names that it defines (Colab
strips metadata), a text by the cell's identity. Of several, the last that defines a name wins.
Other code of the learner, copies included, keeps its place, without any metadata; so do texts of
their own where the notebook asks for answers in words, since these may be the answer.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from course_lib.grading.isolation import Limits
from course_lib.grading.judging.attachments import attachments
from course_lib.grading.judging.source import Cell, SourceNotebook, defined_names, joined

ANSWERED = ("solution", "manual")
UNREADABLE = "the file is not a notebook that can be read"
WORD = re.compile(r"[^\W\d]\w*")
TEXTS = ("markdown", "raw")
MOST_CELLS = 2000
MOST_CODE = 2_000_000
"""Characters of code that are searched for names; honest notebooks hold a hundredth of it."""


@dataclass(frozen=True)
class Step:
    """One cell to run or to show: the source's cell, with the learner's text where it is theirs."""

    cell: Cell
    source: str
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Rebuilt:
    """The notebook as it will be run, and what was odd about the submission."""

    steps: list[Step]
    notes: list[str] = field(default_factory=list)

    @property
    def has_own_texts(self) -> bool:
        """Whether the learner wrote text cells of their own, which may hold an answer."""
        return any(step.cell is EXTRA_TEXT for step in self.steps)


@dataclass(frozen=True)
class _Written:
    """A code or answer cell of the submission, as far as it is believed."""

    source: str
    cell_type: str
    identity: str | None
    grade_id: str | None
    names: frozenset[str]
    attachments: dict[str, dict[str, str]]

    @property
    def is_text(self) -> bool:
        """Whether it holds words, not code."""
        return self.cell_type in TEXTS


def rebuild(submission: bytes, source: SourceNotebook, limits: Limits | None = None) -> Rebuilt:
    """Return what to run for a submission; a file that can't be read leaves every answer empty."""
    written, notes = _read(submission, limits or Limits())
    answers = _answers(written, source, notes)
    places = _places(written, source, set(answers.values()))
    edits = {place: i for i, place in places.items() if _is_edit(written[i], source.cells[place])}
    extras = _extras(written, source, places, set(answers.values()))
    steps = [_extra(written[i]) for i in extras.get(-1, ())]
    for number, cell in enumerate(source.cells):
        mine = answers.get(number, edits.get(number))
        if mine is not None:
            steps.append(Step(cell, written[mine].source, written[mine].attachments))
        elif cell.role in ("solution", "manual"):
            notes.append(f"the cell {cell.grade_id} is missing")
            steps.append(Step(cell, ""))
        else:
            steps.append(Step(cell, cell.source))
        steps += [_extra(written[i]) for i in extras.get(number, ())]
    return Rebuilt(steps, notes)


def _extra(mine: _Written) -> Step:
    if mine.is_text:
        return Step(EXTRA_TEXT, mine.source, mine.attachments)
    return Step(EXTRA, mine.source)


def _read(submission: bytes, limits: Limits) -> tuple[list[_Written], list[str]]:
    if len(submission) > limits.submission_bytes:
        return [], [f"the file is larger than {limits.submission_bytes >> 20} MiB"]
    try:
        document = json.loads(submission)
    except (ValueError, RecursionError):
        return [], [UNREADABLE]
    raw = document.get("cells") if isinstance(document, dict) else None
    if raw is None and isinstance(document, dict):  # nbformat 3 kept its cells in worksheets
        sheets = document.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        raw = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(raw, list):
        return [], [UNREADABLE]
    cells, code = [], 0
    for cell in raw[:MOST_CELLS]:
        if isinstance(cell, dict):
            cells.append(_written(cell, searched=code < MOST_CODE))
            code += len(cells[-1].source)
    return cells, []


def _written(raw: dict[str, Any], searched: bool) -> _Written:
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    marks = metadata.get("nbgrader")
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    source = joined(raw.get("source", raw.get("input")))
    source = source.encode("utf-8", "replace").decode()  # half a character can't be saved
    names = defined_names(source) if searched and len(source) < MOST_CODE else frozenset[str]()
    kind = str(raw.get("cell_type"))
    kept = attachments(raw.get("attachments"))
    return _Written(source, kind, _word(raw.get("id")), _word(grade_id), names, kept)


def _answers(written: list[_Written], source: SourceNotebook, notes: list[str]) -> dict[int, int]:
    """Return which cell of the submission answers which cell of the source."""
    answers: dict[int, int] = {}
    known = {cell.grade_id for cell in source.cells if cell.grade_id}
    asked = {word for cell in source.cells for word in WORD.findall(cell.expression or "")}
    given = {cell.source.strip() for cell in source.cells if cell.role not in ANSWERED}
    for number, cell in enumerate(source.cells):
        if cell.role not in ANSWERED:
            continue
        names = cell.names & asked or cell.names
        found = [i for i, mine in enumerate(written) if mine.grade_id == cell.grade_id]
        found = found or [
            i for i, mine in enumerate(written)
            if mine.grade_id not in known and mine.cell_type == "code"
            and mine.source.strip() not in given and mine.names & names
        ]  # fmt: skip
        if cell.cell_type != "code":
            found = found or [
                i for i, mine in enumerate(written)
                if mine.is_text and mine.identity and mine.identity == cell.identity
            ]  # fmt: skip
        found = [i for i in found if written[i].names & names] or found
        if len(found) > 1:
            notes.append(f"the cell {cell.grade_id} is there {len(found)} times: the last counts")
        if found:
            answers[number] = found[-1]
    return answers


def _extras(
    written: list[_Written], source: SourceNotebook, places: dict[int, int], answering: set[int]
) -> dict[int, list[int]]:
    """Return the learner's own cells, by the source cell that they follow (−1: before all)."""
    asks_for_words = any(c.role == "manual" and c.cell_type != "code" for c in source.cells)
    known = {cell.grade_id for cell in source.cells if cell.grade_id and cell.role != "solution"}
    extras: dict[int, list[int]] = {}
    after = -1
    for i, cell in enumerate(written):
        if i in places:
            after = places[i]
        if i in answering:
            continue
        if cell.is_text:
            place = source.cells[places[i]] if i in places else None
            own = asks_for_words and _is_own_text(cell, place)
        else:
            own = i not in places and cell.cell_type == "code" and cell.grade_id not in known
        if own:
            extras.setdefault(after, []).append(i)
    return extras


def _is_own_text(mine: _Written, cell: Cell | None) -> bool:
    """Return whether the learner wrote a text: a new cell, or one of ours with new words."""
    if not (mine.source.strip() or mine.attachments):
        return False
    return cell is None or _folded(mine.source) != _folded(cell.source)


def _places(written: list[_Written], source: SourceNotebook, answering: set[int]) -> dict[int, int]:
    """Return which cells of the submission are the source's own, by grade_id, identity or text.

    Copies of an answer are not: they are the learner's.
    """
    by_grade = {cell.grade_id or "": n for n, cell in enumerate(source.cells)}
    by_identity = {cell.identity or "": n for n, cell in enumerate(source.cells)}
    by_text = {_folded(cell.source): n for n, cell in enumerate(source.cells)}
    places = {}
    for i, cell in enumerate(written):
        marks = (
            (by_grade, cell.grade_id),
            (by_text, _folded(cell.source)),
            (by_identity, cell.identity),
        )
        found = (known[mark] for known, mark in marks if mark and mark in known)
        place = next(found, None)
        if place is not None and (i in answering or source.cells[place].role != "solution"):
            places[i] = place
    return places


def _is_edit(mine: _Written, cell: Cell) -> bool:
    """Return whether the learner changed one of the source's open cells: their imports, perhaps."""
    marks = cell.metadata.get("nbgrader", {})
    is_open = cell.role == "plain" and cell.cell_type == "code" and not marks.get("locked")
    return is_open and mine.cell_type == "code" and mine.source.strip() != cell.source.strip()


def _folded(source: str) -> str:
    return re.sub(r"\s+", " ", source).strip()


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None


EXTRA = Cell("", "plain", "code", {})
EXTRA_TEXT = Cell("", "text", "markdown", {})
