"""The trial before a release: the solved notebook must get every point, the blank one none."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from course_lib.grading.classroom import beside, course_root
from course_lib.grading.judging import unsound_cells, upgraded
from course_lib.release.generate import released


def trial(path: Path, root: Path | None = None) -> list[str]:
    """Grade a source notebook solved and blank, and return what is wrong with the result.

    It runs as learners' work will, with what lies beside the source.
    """
    files = beside(root or course_root(), path)
    return unsound_cells(path.stem, path.read_bytes(), _blank(path).encode(), files)


def _blank(path: Path) -> str:
    """Return the release of a source notebook, also where an older nbgrader wrote its metadata."""
    with tempfile.TemporaryDirectory() as folder:
        newest = Path(folder, path.parent.name, path.name)
        newest.parent.mkdir()
        newest.write_text(json.dumps(upgraded(json.loads(path.read_text("utf-8")))), "utf-8")
        return released(newest)
