"""The release: nbgrader makes the learners' notebooks from the sources; nothing else does."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from course_lib.grading.classroom import course_folder, course_root, source_paths
from course_lib.whole_file import write_whole


def released(path: Path) -> str:
    """Return the learners' notebook of a source notebook, as text."""
    from nbconvert.exporters import NotebookExporter
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import SaveCells
    from traitlets.config import Config

    config = Config()
    config.Exporter.default_preprocessors = []
    config.ClearSolutions.enforce_metadata = True
    exporter = NotebookExporter(config=config)
    exporter.log.setLevel(logging.ERROR)
    for preprocessor in GenerateAssignment.preprocessors.default_args[0]:
        if preprocessor is not SaveCells:
            exporter.register_preprocessor(preprocessor, enabled=True)
    names = {"assignment": path.parent.name, "notebook": path.stem, "student": "."}
    resources: dict[str, Any] = {"unique_key": path.stem, "nbgrader": names}
    text, _ = exporter.from_filename(str(path), resources=resources)
    return str(text).rstrip("\n") + "\n"


def write_release(chapter: str, root: Path | None = None, check_only: bool = False) -> list[Path]:
    """Bring the release up to date with a chapter's sources; return the files that were not.

    With ``check_only`` nothing is written.
    """
    root = root or course_root()
    stale = []
    wanted = {path.name: released(path) for path in source_paths(root, chapter)}
    folder = course_folder(root, "release", chapter)
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path)
            if not check_only:
                write_whole(path, text)
    for path in sorted(folder.glob("*.ipynb")):
        if path.name not in wanted:
            stale.append(path)
            if not check_only:
                path.unlink()
    return stale
