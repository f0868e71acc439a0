"""The trial before a release: the solved notebook must get every point, the blank one none."""

from __future__ import annotations

from pathlib import Path

from course_lib.grading.judging import unsound_cells
from course_lib.release.generate import released


def trial(path: Path) -> list[str]:
    """Grade a source notebook solved and blank, and return what is wrong with the result."""
    return unsound_cells(path.name, path.read_bytes(), released(path).encode())
