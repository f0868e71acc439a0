"""Rebuilding a submission: the source notebook with the learner's code in its solution cells.

A solution cell of the submission is known by its grade_id, else by the names that it defines (Colab
strips metadata). The last of several wins. Other code of the learner keeps its place, without any
metadata.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from course_lib.grading.limits import Limits
from course_lib.grading.source import Cell, SourceNotebook, defined_names, joined

MOST_CELLS = 2000


@dataclass(frozen=True)
class Step:
    """One cell to run or to show: the source's cell, with the learner's text where it is theirs."""

    cell: Cell
    source: str


@dataclass
class Rebuilt:
    """The notebook as it will be run, and what was odd about the submission."""

    steps: list[Step]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Written:
    """A code or answer cell of the submission, as far as it is believed."""

    source: str
    cell_type: str
    identity: str | None
    grade_id: str | None


def rebuild(submission: bytes, source: SourceNotebook, limits: Limits | None = None) -> Rebuilt:
    """Return what to run for a submission; a file that can't be read leaves every answer empty."""
    written, notes = _read(submission, limits or Limits())
    answers = _answers(written, source, notes)
    extras = _extras(written, source, set(answers.values()))
    steps: list[Step] = [Step(_extra_cell(), written[i].source) for i in extras.get(-1, ())]
    for number, cell in enumerate(source.cells):
        mine = written[answers[number]].source if number in answers else None
        if cell.role in ("solution", "manual"):
            if mine is None:
                notes.append(f"the cell {cell.grade_id} is missing")
            steps.append(Step(cell, mine or ""))
        else:
            steps.append(Step(cell, cell.source))
        steps += [Step(_extra_cell(), written[i].source) for i in extras.get(number, ())]
    return Rebuilt(steps, notes)


def _read(submission: bytes, limits: Limits) -> tuple[list[_Written], list[str]]:
    if len(submission) > limits.submission_bytes:
        return [], [f"the file is larger than {limits.submission_bytes >> 20} MiB"]
    try:
        document = json.loads(submission)
    except (ValueError, RecursionError):
        return [], ["the file is not a notebook that can be read"]
    raw = document.get("cells") if isinstance(document, dict) else None
    if raw is None and isinstance(document, dict):  # nbformat 3 kept its cells in worksheets
        sheets = document.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        raw = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(raw, list):
        return [], ["the file is not a notebook that can be read"]
    cells = [_written(cell) for cell in raw[:MOST_CELLS] if isinstance(cell, dict)]
    return cells, []


def _written(raw: dict[str, Any]) -> _Written:
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    marks = metadata.get("nbgrader")
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    source = joined(raw.get("source", raw.get("input")))
    return _Written(source, str(raw.get("cell_type")), _word(raw.get("id")), _word(grade_id))


def _answers(written: list[_Written], source: SourceNotebook, notes: list[str]) -> dict[int, int]:
    """Return which cell of the submission answers which cell of the source."""
    answers: dict[int, int] = {}
    known = {cell.grade_id for cell in source.cells if cell.grade_id}
    given = {
        cell.source.strip() for cell in source.cells if cell.role not in ("solution", "manual")
    }
    for number, cell in enumerate(source.cells):
        if cell.role not in ("solution", "manual"):
            continue
        found = [i for i, mine in enumerate(written) if mine.grade_id == cell.grade_id]
        if not found and cell.names:
            found = [
                i for i, mine in enumerate(written)
                if mine.grade_id not in known and mine.cell_type == "code"
                and mine.source.strip() not in given and _defines(mine.source, cell.names)
            ]  # fmt: skip
        if len(found) > 1:
            notes.append(
                f"the cell {cell.grade_id} is there {len(found)} times: the last one counts"
            )
        if found:
            answers[number] = found[-1]
    return answers


def _defines(source: str, names: frozenset[str]) -> bool:
    return bool(defined_names(source) & names)


def _extras(
    written: list[_Written], source: SourceNotebook, answering: set[int]
) -> dict[int, list[int]]:
    """Return the learner's own code cells, by the source cell that they follow (−1: before all)."""
    places = _known_places(written, source)
    known_ids = {cell.grade_id for cell in source.cells if cell.grade_id}
    extras: dict[int, list[int]] = {}
    after = -1
    for i, cell in enumerate(written):
        if i in places:
            after = places[i]
        elif i not in answering and cell.cell_type == "code" and cell.grade_id not in known_ids:
            extras.setdefault(after, []).append(i)
    return extras


def _known_places(written: list[_Written], source: SourceNotebook) -> dict[int, int]:
    """Return which cells of the submission are the source's own, by grade_id, identity or text."""
    by_grade = {cell.grade_id: n for n, cell in enumerate(source.cells) if cell.grade_id}
    by_identity = {cell.identity: n for n, cell in enumerate(source.cells) if cell.identity}
    by_text = {_folded(cell.source): n for n, cell in enumerate(source.cells)}
    places = {}
    for i, cell in enumerate(written):
        place = by_grade.get(cell.grade_id) if cell.grade_id else None
        if place is None:
            place = by_text.get(_folded(cell.source))
        if place is None and cell.identity in by_identity:
            same = source.cells[by_identity[cell.identity]]
            place = by_identity[cell.identity] if same.role != "solution" else None
        if place is not None:
            places[i] = place
    return places


def _folded(source: str) -> str:
    return re.sub(r"\s+", " ", source).strip()


def _extra_cell() -> Cell:
    return Cell("", "plain", "code", {})


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None
