"""The house's rules for a source notebook, and what of it breaks them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_lib.exercises import load
from course_lib.grading.classroom import course_root, source_paths
from course_lib.grading.judging import Cell, SourceNotebook, read_source

CODE_LINES, CODE_COLUMNS = 15, 100
TEXT_WORDS, CODE_IN_A_ROW = 90, 3
"""An exercise's text says what to write, what to return, an example and the edge case; behind it
stand three cells of code: the answer, its check, and ``use``."""
HARDEST = 5
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def faults(chapter: str, root: Path | None = None) -> list[str]:
    """Return what is wrong with a chapter's sources; nothing is what a release needs."""
    found: list[str] = []
    asked: list[str] = []
    for path in source_paths(root or course_root(), chapter):
        source = read_source(path)
        asked += [exercise.name for exercise in source.exercises]
        found += [f"{path.name}: {fault}" for fault in _notebook_faults(source)]
        found += [f"{path.name}: {fault}" for fault in _document_faults(path)]
    expected = [exercise.name for exercise in load(chapter)]
    if asked != expected:
        found.append(f"{chapter}: the notebooks ask for {asked}, the exercises are {expected}")
    return found


def _notebook_faults(source: SourceNotebook) -> Iterator[str]:
    for number, cell in enumerate(source.cells):
        if cell.cell_type == "code" and len(cell.source.splitlines()) > CODE_LINES:
            yield f"cell {number} has {len(cell.source.splitlines())} lines of code"
        if cell.cell_type == "code" and _columns(cell.source) > CODE_COLUMNS:
            yield f"cell {number} has a line of code of {_columns(cell.source)} columns"
        if cell.cell_type == "markdown" and _words(cell.source) > TEXT_WORDS:
            yield f"cell {number} has {_words(cell.source)} words"
        if cell.role == "solution" and not (BEGIN in cell.source and END in cell.source):
            yield f"the solution cell {cell.grade_id} lacks its BEGIN or END SOLUTION"
    yield from _pairing_faults(source.cells)
    yield from _heading_faults(source)
    kinds = "".join("c" if cell.cell_type == "code" else "t" for cell in source.cells)
    if "c" * (CODE_IN_A_ROW + 1) in kinds:
        yield f"more than {CODE_IN_A_ROW} code cells stand in a row"


def _pairing_faults(cells: tuple[Cell, ...]) -> Iterator[str]:
    solutions = {cell.grade_id for cell in cells if cell.role == "solution"}
    checks = {cell.exercise for cell in cells if cell.role == "check"}
    for name in solutions - checks:
        yield f"the solution cell {name} has no check"
    for name in checks - solutions:
        yield f"the check of {name} has no solution cell"
    for cell in cells:
        if cell.role == "check" and "raises-exception" not in cell.metadata.get("tags", []):
            yield f"the check of {cell.exercise} lacks the tag raises-exception"


def _heading_faults(source: SourceNotebook) -> Iterator[str]:
    """Hold what a text tells of its exercise's difficulty and time to the exercise."""
    exercises, text = {exercise.name: exercise for exercise in source.exercises}, ""
    for cell in source.cells:
        if cell.cell_type == "markdown":
            text = cell.source
        elif cell.role == "solution" and cell.grade_id in exercises:
            exercise = exercises[cell.grade_id]
            stars = "★" * exercise.difficulty + "☆" * (HARDEST - exercise.difficulty)
            wanted = f"{stars} · {exercise.minutes} minutes"
            if wanted not in text:
                yield f"the text before the solution of {cell.grade_id} lacks: {wanted}"


def _document_faults(path: Path) -> Iterator[str]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if any(cell.get("outputs") or cell.get("execution_count") for cell in document["cells"]):
        yield "it has outputs: clear them"
    if "jupytext" in document.get("metadata", {}):
        yield "it keeps jupytext's metadata"
    identities = [cell.get("id") for cell in document["cells"]]
    if None in identities or len(set(identities)) < len(identities):
        yield "its cells need an id each, and no two the same"


def _columns(source: str) -> int:
    """Return how wide the widest line is; marks that stand above or below a letter take no room."""
    marks = ("Mn", "Me")
    lines = source.splitlines() or [""]
    return max(sum(unicodedata.category(one) not in marks for one in line) for line in lines)


def _words(source: str) -> int:
    """Count the words that a reader reads: no table rows, formulas, links or code."""
    prose, fenced = [], False
    for line in source.splitlines():
        fenced ^= line.startswith(("```", "$$"))
        if not fenced and not line.startswith(("|", "[!", "```", "$$", "#")):
            prose.append(line)
    return len(" ".join(prose).split())
