"""Runs that need not be repeated: the same notebook, library files and versions as in a good run.

For work between two full runs only: a run that is left out is reported as *unchanged* (skipped),
never as passed, and nothing is left out where ``CI`` is set.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib import metadata
from pathlib import Path

from filelock import FileLock

from course_lib.data import cache_folder
from course_lib.whole_file import write_whole
from tests.notebooks.notebook_run import ROOT

KEPT = ROOT / ".notebook_runs.json"


def digest(notebook: bytes, files: list[str]) -> str:
    """Return a digest of all that a run depends on: notebook, library files, data, versions."""
    known = hashlib.sha256(notebook)
    for name in files:
        path = Path(name)
        known.update(name.encode() + (path.read_bytes() if path.exists() else b"gone"))
    folder = cache_folder()
    data = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    versions = sorted(f"{one.name} {one.version}" for one in metadata.distributions())
    known.update(json.dumps([data, versions]).encode())
    return known.hexdigest()


def is_unchanged(name: str, notebook: bytes) -> bool:
    """Return whether the last good run of that name was of the very same things."""
    entry = _read().get(name)
    if entry is None or os.environ.get("CI"):
        return False
    return bool(entry["digest"] == digest(notebook, entry["files"]))


def keep(name: str, notebook: bytes, files: list[str]) -> None:
    """Remember a good run."""
    with FileLock(f"{KEPT}.lock"):
        entry = {"files": files, "digest": digest(notebook, files)}
        write_whole(KEPT, json.dumps({**_read(), name: entry}, indent=1))


def _read() -> dict[str, dict[str, object]]:
    try:
        known: dict[str, dict[str, object]] = json.loads(KEPT.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known
