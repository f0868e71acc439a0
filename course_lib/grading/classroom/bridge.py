"""The seam to stock nbgrader: its commands and its formgrader stay, execution and scores are ours.

``nbgrader_config.py`` names four things of this file. ``refuse_links`` cleans a submission of
links that lead out of it. ``SubmissionExporter`` reads a submission in place of nbformat and gives
the rebuilt notebook, so that no stranger's JSON or metadata reaches nbgrader. ``GradeByValue`` has
it graded and saves scores from this process: they never travel through the notebook.
``ReadableOnAPhone`` fits the feedback pages to a narrow screen.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.api
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from course_lib.grading.classroom.cluster import is_insecure
from course_lib.grading.classroom.graders import GRADERS
from course_lib.grading.classroom.harmless import harmless
from course_lib.grading.classroom.jobs import ALLOW as ALLOW
from course_lib.grading.classroom.jobs import Job
from course_lib.grading.classroom.nbgrader_course import paths_beside
from course_lib.grading.classroom.record import record
from course_lib.grading.classroom.scores import mark_ungraded, save_scores
from course_lib.grading.classroom.seed import secret_seed
from course_lib.grading.judging import (
    EXTRA_TEXT,
    HIDDEN,
    NotebookResult,
    Rebuilt,
    SourceNotebook,
    outputs,
    parsed,
    rebuild,
)

# nbgrader opens the gradebook seven times for each submission: once is enough to make an engine
nbgrader.api.create_engine = cache(nbgrader.api.create_engine)

VIEWPORT = '<meta name="viewport" content="width=device-width,initial-scale=1">'
NARROW = """
@media (max-width: 45em) {
  #notebook-container, .container { width: auto; padding: 0 .5em }
  .prompt { display: none }
  .pull-right { float: none !important; display: block }
  pre { white-space: pre-wrap !important; overflow-wrap: anywhere }
  .output_subarea, .input_area { max-width: 100%; overflow-x: auto }
}
"""


class SubmissionExporter(NotebookExporter):
    """Reads a submission as data, whatever it holds, and gives the notebook that will be run."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **keywords: Any
    ) -> Any:
        """Return the rebuilt notebook the first time, and the graded one the second time."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **keywords)
        job = job_of(self.parent, (resources or {})["nbgrader"])
        if not GRADERS.expects(job):
            GRADERS.expect(jobs_of(self.parent, job))
        reading = GRADERS.reading(job)
        source = parsed(reading.source)
        rebuilt = rebuild(reading.submission, source)
        return self.from_notebook_node(document(rebuilt, source), resources, **keywords)


class GradeByValue(NbGraderPreprocessor):
    """Has the notebook graded in the sandbox, and writes what the trusted process judged."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Grade one notebook: outputs into its cells, scores into the gradebook."""
        names = resources["nbgrader"]
        converter = self.parent.parent
        key = (names["student"], names["assignment"], names["notebook"])
        job = job_of(converter, names)
        try:
            result = GRADERS.result(job)
        except Exception as error:
            print(f"NOT GRADED: {' '.join(key)}: {error}", file=sys.stderr, flush=True)
            with Gradebook(names["db_url"]) as gradebook:
                mark_ungraded(gradebook, key)
            raise
        say = self.log.info if result.level == "strong" else self.log.warning
        say("%s: %.4g of %.4g points, in a %s sandbox", key, result.points, result.max_points,
            result.level)  # fmt: skip
        answers = dict(answers_of(nb))
        show(nb, result)
        with Gradebook(names["db_url"]) as gradebook:
            save_scores(gradebook, key, result, answers)
        mark = GRADERS.reading(job).mark()
        record(Path(converter.coursedir.root), key, result, mark, is_insecure())
        GRADERS.forget(job)
        return nb, resources


class ReadableOnAPhone(NbGraderPreprocessor):
    """Makes a feedback page as wide as the screen, with lines that wrap on a narrow one."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Add to the styles of a page, which come before anything else in its head."""
        resources["inlining"]["css"].append(f"</style>{VIEWPORT}<style>{NARROW}")
        return nb, resources


def refuse_links(assignment: str, student: str, notebooks: list[str], **others: Any) -> None:
    """Replace links in a submission, which may lead to anything that the instructor can read."""
    for notebook in notebooks:
        for path in Path(notebook).parent.rglob("*"):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                path.unlink()
                path.write_text("This was a link or a pipe. They are not handed in.\n")


def job_of(converter: Any, names: dict[str, str]) -> Job:
    """Return the job of one notebook of one learner."""
    coursedir = converter.coursedir
    root = Path(coursedir.root)
    chapter, name = names["assignment"], f"{names['notebook']}.ipynb"
    handed = coursedir.format_path(coursedir.submitted_directory, names["student"], chapter)
    source = Path(coursedir.format_path(coursedir.source_directory, ".", chapter)).resolve()
    return Job(
        Path(handed, name), source / name, secret_seed(root), paths_beside(source, coursedir)
    )


def jobs_of(converter: Any, first: Job) -> Iterator[Job]:
    """Give the jobs of nbgrader's whole run, in its order, from ``first`` on."""
    yield first
    begun = False
    for folder in sorted(converter.assignments):
        for path in sorted(converter.assignments[folder]):
            names = converter.init_single_notebook_resources(path)["nbgrader"]
            job = job_of(converter, names)
            if begun and will_be_graded(converter, names):
                yield job
            begun = begun or job == first


def will_be_graded(converter: Any, names: dict[str, str]) -> bool:
    """Return whether nbgrader will not skip a submission because it was graded before."""
    place = names["assignment"], names["student"]
    graded, handed = converter._format_dest(*place), converter._format_source(*place)
    if converter.force or not Path(graded).exists():
        return True
    before, now = map(converter.coursedir.get_existing_timestamp, (graded, handed))
    return before is not None and now is not None and now > before


def show(nb: Any, result: NotebookResult) -> None:
    """Put outputs and feedback into the cells of the notebook, and notes before them."""
    for number, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        cell.outputs = []
        score = result.scores.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        text = result.outputs.get(number) or result.errors.get(number)
        if text:
            stream = {"output_type": "stream", "name": "stdout", "text": text}
            cell.outputs.append(nbformat.from_dict(stream))
        cell.outputs += [
            nbformat.v4.new_output("display_data", {"image/png": b64encode(image).decode()})
            for image in result.images.get(number, ())
        ]
        if score is not None and score.text:
            told = outputs(score.text, score.page)
            cell.outputs += [nbformat.from_dict(output) for output in told]
    if result.notes:
        lines = "\n".join(f"- {note}" for note in result.notes)
        text = f"**About this submission**\n\n{lines}"
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="about-this-submission"))


def answers_of(nb: Any) -> Iterator[tuple[str, str]]:
    """Give the grade_id and the text of each cell that holds an answer."""
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            yield marks["grade_id"], cell.source


def document(rebuilt: Rebuilt, source: SourceNotebook) -> Any:
    """Return the rebuilt notebook for nbformat, with the source's metadata alone."""
    makers = {"code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell}
    cells = []
    for number, step in enumerate(rebuilt.steps):
        make = makers.get(step.cell.cell_type, nbformat.v4.new_markdown_cell)
        text = HIDDEN.sub("", step.source) if step.cell.role == "test" else step.source
        if step.cell is EXTRA_TEXT or (
            step.cell.role == "manual" and step.cell.cell_type != "code"
        ):
            text = harmless(text)
        cell = make(text, metadata=dict(step.cell.metadata))
        if step.attachments:
            cell["attachments"] = nbformat.from_dict(step.attachments)
        cell["id"] = f"cell-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata=dict(source.metadata))
