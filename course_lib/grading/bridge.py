"""The seam to stock nbgrader: its commands and its formgrader stay, execution and scores are ours.

``nbgrader_config.py`` names two things of this file. ``SubmissionExporter`` reads a submission in
place of nbformat and gives the rebuilt notebook, so that no stranger's JSON or metadata reaches
nbgrader. ``GradeByValue`` runs it in the sandbox and saves scores from this process: they never
travel through the notebook.
"""

from __future__ import annotations

import atexit
import os
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from course_lib.grading import feedback
from course_lib.grading.engine import NotebookResult, grade_notebook
from course_lib.grading.limits import Limits
from course_lib.grading.rebuild import Rebuilt, rebuild
from course_lib.grading.record import record
from course_lib.grading.sandbox import chosen_level
from course_lib.grading.seed import secret_seed
from course_lib.grading.server import ForkServer
from course_lib.grading.source import SourceNotebook, read_source

ALLOW = "COURSE_ALLOW_UNSANDBOXED"
PENDING: dict[Path, Rebuilt] = {}


class SubmissionExporter(NotebookExporter):
    """Reads a submission as data, whatever it holds, and gives the notebook that will be run."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **keywords: Any
    ) -> Any:
        """Return the rebuilt notebook the first time, and the graded one the second time."""
        if getattr(self.parent, "_sanitizing", False):
            names = (resources or {})["nbgrader"]
            source = source_notebook(_source_path(self.parent, names))
            with open(filename, "rb") as file:
                rebuilt = rebuild(file.read(Limits().submission_bytes + 1), source)
            PENDING[_graded_path(self.parent, names)] = rebuilt
            return self.from_notebook_node(document(rebuilt, source), resources, **keywords)
        resources = {**(resources or {}), "course_path": str(Path(filename).resolve())}
        return super().from_filename(filename, resources, **keywords)


class GradeByValue(NbGraderPreprocessor):
    """Runs the rebuilt notebook in the sandbox, and writes what the trusted process judged."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Grade one notebook: outputs into its cells, scores into the gradebook."""
        names = resources["nbgrader"]
        converter = self.parent.parent
        source = source_notebook(_source_path(converter, names))
        rebuilt = PENDING.pop(_graded_path(converter, names))
        result = grade_notebook(rebuilt, fork_server(source.path), course_seed(converter))
        key = (names["student"], names["assignment"], names["notebook"])
        record(Path(converter.coursedir.root), key, result)
        self._show(nb, result)
        with Gradebook(names["db_url"]) as gradebook:
            save_scores(gradebook, key, result)
        return nb, resources

    def _show(self, nb: Any, result: NotebookResult) -> None:
        for number, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs = []
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            score = result.scores.get(grade_id) if grade_id else None
            if result.outputs.get(number):
                stream = {"output_type": "stream", "name": "stdout", "text": result.outputs[number]}
                cell.outputs.append(nbformat.from_dict(stream))
            if score is not None and score.text:
                told = feedback.outputs(score.text, score.page)
                cell.outputs += [nbformat.from_dict(output) for output in told]
        if result.notes:
            lines = "\n".join(f"- {note}" for note in result.notes)
            nb.cells.insert(
                0, nbformat.v4.new_markdown_cell(f"**About this submission**\n\n{lines}")
            )


def save_scores(gradebook: Any, key: tuple[str, str, str], result: NotebookResult) -> None:
    """Write each automatic score; a person's own score is never touched."""
    student, assignment, notebook = key
    for grade_id, score in result.scores.items():
        grade = gradebook.find_grade(grade_id, notebook, assignment, student)
        grade.auto_score = score.points
        grade.needs_manual_grade = score.points is None or grade.manual_score is not None
        if result.level.startswith("weak"):
            grade.needs_manual_grade = True
    gradebook.db.commit()


def document(rebuilt: Rebuilt, source: SourceNotebook) -> Any:
    """Return the rebuilt notebook for nbformat, with the source's metadata alone."""
    cells = []
    for number, step in enumerate(rebuilt.steps):
        make = {
            "code": nbformat.v4.new_code_cell,
            "raw": nbformat.v4.new_raw_cell,
        }.get(step.cell.cell_type, nbformat.v4.new_markdown_cell)
        cell = make(step.source, metadata=dict(step.cell.metadata))
        cell["id"] = f"cell-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata=dict(source.metadata))


@cache
def source_notebook(path: Path) -> SourceNotebook:
    """Return the source notebook, read once for the whole class."""
    return read_source(path)


@cache
def fork_server(path: Path) -> ForkServer:
    """Return the fork server of a source notebook, started once for the whole class."""
    source = source_notebook(path)
    level = chosen_level(allow_unsandboxed=bool(os.environ.get(ALLOW)))
    server = ForkServer(source.withheld_modules, source.imported_modules, level, Limits())
    atexit.register(server.close)
    return server


def course_seed(converter: Any) -> int:
    """Return the secret seed of the course that nbgrader works in."""
    return secret_seed(Path(converter.coursedir.root))


def _source_path(converter: Any, names: dict[str, str]) -> Path:
    coursedir = converter.coursedir
    folder = coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
    return Path(folder, f"{names['notebook']}.ipynb").resolve()


def _graded_path(converter: Any, names: dict[str, str]) -> Path:
    coursedir = converter.coursedir
    folder = coursedir.format_path(
        coursedir.autograded_directory, names["student"], names["assignment"]
    )
    return Path(folder, f"{names['notebook']}.ipynb").resolve()
