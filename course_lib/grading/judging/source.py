"""The source notebook, which alone says what is run, what is graded and for how many points."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from course_lib.errors import CourseError
from course_lib.exercises import find
from course_lib.exercises.exercise import Exercise
from course_lib.grading.isolation import Limits

Role = Literal["text", "plain", "look", "solution", "check", "test", "manual"]
LOOK = "look"
HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[^\n]*\n?", re.M | re.S
)
"""The lines of a test that nbgrader takes out of the release."""
MOST_SECONDS = 600.0
"""The most that a source notebook may allow a submission, for any of its limits."""
SCHEMA = 3
"""The newest form of nbgrader's metadata."""


@dataclass(frozen=True)
class Cell:
    """One cell of the source: its text, its part in grading, and the names that it defines.

    ``exercise`` and ``expression`` stand in a check cell: whose answer it is, and what gives it.
    """

    source: str
    role: Role
    cell_type: str
    metadata: dict[str, Any]
    identity: str | None = None
    grade_id: str | None = None
    points: float = 0.0
    exercise: str | None = None
    expression: str | None = None
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SourceNotebook:
    """The cells of a source notebook in their order, and where it stands."""

    path: Path
    cells: tuple[Cell, ...]
    metadata: dict[str, Any]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises that the notebook asks for, in its order."""
        return tuple(find(cell.exercise) for cell in self.cells if cell.exercise)

    @property
    def limits(self) -> Limits:
        """The limits on a submission of this notebook: a network may need more than a function.

        The source's metadata may name seconds, ``{"course": {"cell_seconds": 60}}``. Raises
        ``CourseError`` for a name that is no limit in seconds, or for more than ``MOST_SECONDS``.
        """
        asked: dict[str, Any] = self.metadata.get("course", {})
        known = {name for name in Limits.__dataclass_fields__ if name.endswith("_seconds")}
        for name, value in asked.items():
            if name not in known or not 0 < float(value) <= MOST_SECONDS:
                expected = f"{' or '.join(sorted(known))}, each at most {MOST_SECONDS:g}"
                raise CourseError(f"{self.path}: the notebook's metadata", expected=expected,
                                  got=f"{name}: {value}")  # fmt: skip
        seconds: dict[str, Any] = {name: float(value) for name, value in asked.items()}
        return replace(Limits(), **seconds)

    @property
    def withheld_modules(self) -> tuple[str, ...]:
        """The modules that hold answers to this notebook's exercises."""
        modules = [module for exercise in self.exercises for module in exercise.withheld_modules]
        return tuple(dict.fromkeys(modules))

    @property
    def imported_modules(self) -> tuple[str, ...]:
        """The modules that the cells which run under grading import, found without running them."""
        sources = (cell.source for cell in self.cells if cell.role in ("plain", "solution"))
        found = [name for source in sources for name in _imports(source)]
        return tuple(dict.fromkeys(found))


def read_source(path: Path) -> SourceNotebook:
    """Read a source notebook; raises ``CourseError`` where its cells don't make sense."""
    try:
        return parse_source(path.read_bytes(), path)
    except OSError as error:
        raise CourseError(f"the source notebook {path}", got=str(error)) from error


def parse_source(text: bytes, path: Path) -> SourceNotebook:
    """Return the source notebook that ``text`` holds; ``path`` is its name."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise CourseError(f"the source notebook {path}", got=str(error)) from error
    cells = tuple(_cell(raw, path) for raw in upgraded(document)["cells"])
    grade_ids = [cell.grade_id for cell in cells if cell.grade_id]
    doubled = {grade_id for grade_id in grade_ids if grade_ids.count(grade_id) > 1}
    if doubled:
        raise CourseError(f"{path}", expected="each grade_id once", got=", ".join(sorted(doubled)))
    return SourceNotebook(path, cells, document.get("metadata", {}))


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook whose nbgrader metadata have the newest schema, whichever they had.

    Older schemas leave out what is false, write points as text, and mark cells that are nothing.
    """
    cells = []
    for cell in document["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader")
        if isinstance(marks, dict) and int(marks.get("schema_version") or 0) < SCHEMA:
            others = {key: part for key, part in cell["metadata"].items() if key != "nbgrader"}
            newest = _newest(marks)
            cell = {**cell, "metadata": {**others, **({"nbgrader": newest} if newest else {})}}
        cells.append(cell)
    return {**document, "cells": cells}


def _newest(marks: dict[str, Any]) -> dict[str, Any] | None:
    found = {mark: bool(marks.get(mark)) for mark in ("grade", "solution", "locked", "task")}
    if not any(found.values()):
        return None
    newest: dict[str, Any] = {**found, "grade_id": marks.get("grade_id"), "schema_version": SCHEMA}
    if found["grade"] or found["task"]:
        newest["points"] = max(float(marks.get("points") or 0.0), 0.0)
    return newest


def joined(source: Any) -> str:
    """Return a cell's text, which nbformat keeps as one string or as a list of lines."""
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def defined_names(source: str) -> frozenset[str]:
    """Return the names that a cell's top level defines: functions, classes, variables.

    >>> sorted(defined_names("def f(): pass\\nclass A: pass\\nx, y = 1, 2"))
    ['A', 'f', 'x', 'y']
    >>> sorted(defined_names("def f(:\\n  half a thought"))
    ['f']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pattern = r"^(?:async\s+def|def|class)\s+([^\W\d]\w*)|^([^\W\d]\w*)\s*=[^=]"
        return frozenset(one or other for one, other in re.findall(pattern, source, re.M))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = (part for target in targets for part in ast.walk(target))
            names |= {part.id for part in found if isinstance(part, ast.Name)}
    return frozenset(names)


def check_line(source: str) -> tuple[str, str] | None:
    """Return the exercise's name and the answer's expression of a check cell.

    >>> check_line('session.check("merge_pair", merge_pair)')
    ('merge_pair', 'merge_pair')
    """
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return None
    for call in calls:
        if (
            ast.unparse(call.func) == "session.check"
            and len(call.args) == 2
            and isinstance(call.args[0], ast.Constant)
        ):
            return str(call.args[0].value), ast.unparse(call.args[1])
    return None


def _cell(raw: dict[str, Any], path: Path) -> Cell:
    source, metadata = joined(raw.get("source")), raw.get("metadata", {})
    marks = metadata.get("nbgrader", {})
    cell = Cell(
        source, "text", raw["cell_type"], metadata, raw.get("id"), marks.get("grade_id"),
        float(marks.get("points") or 0.0), names=defined_names(source),
    )  # fmt: skip
    if marks.get("task") or (marks.get("solution") and marks.get("grade")):
        return replace(cell, role="manual")
    if raw["cell_type"] != "code":
        return replace(cell, names=frozenset())
    if marks.get("solution"):
        return replace(cell, role="solution")
    if not marks.get("grade"):
        return replace(cell, role="look" if LOOK in metadata.get("tags", []) else "plain")
    found = check_line(source)
    if found is None:
        return replace(cell, role="test")
    exercise = find(found[0])
    if exercise.points != cell.points:
        raise CourseError(f"{path}, {exercise.name}", expected=f"{exercise.points} points",
                          got=f"{cell.points}", remedy="mend the check cell's points")  # fmt: skip
    return replace(cell, role="check", exercise=found[0], expression=found[1])


def _imports(source: str) -> list[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a cell with magics: what it imports is imported when it runs
        return re.findall(r"^\s*(?:from|import)\s+([\w.]+)", source, re.M)
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module
    ]
