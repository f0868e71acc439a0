"""Grading as one function of data: submission, source and seed in, points and words out.

It needs no gradebook and no files but the course itself, so that it maps over the processes of one
machine, or over the machines of a cluster, unchanged.
"""

from __future__ import annotations

import atexit
import threading
from functools import lru_cache
from pathlib import Path

from course_lib.grading.engine import NotebookResult, grade_notebook
from course_lib.grading.limits import Limits
from course_lib.grading.rebuild import rebuild
from course_lib.grading.sandbox import chosen_level
from course_lib.grading.server import ForkServer, ServerError
from course_lib.grading.source import SourceNotebook, parse_source

SERVERS: dict[tuple[bytes, Limits], ForkServer] = {}
ONE_AT_A_TIME = threading.RLock()


def grade_submission(
    submission: bytes,
    source: bytes,
    seed: int,
    limits: Limits | None = None,
    allow_unsandboxed: bool = False,
) -> NotebookResult:
    """Grade one notebook that was handed in against its source, both as they lie on the disk.

    The fork server of a source is started once in each process. Raises ``SandboxError`` where the
    machine can't shut strangers in, and ``CourseError`` for what else is our own failure, after a
    second try with a fresh server.
    """
    limits = limits or Limits()
    notebook = parsed(source)
    rebuilt = rebuild(submission, notebook, limits)
    with ONE_AT_A_TIME:
        try:
            return grade_notebook(rebuilt, fork_server(source, limits, allow_unsandboxed), seed)
        except ServerError:
            close_servers()
            return grade_notebook(rebuilt, fork_server(source, limits, allow_unsandboxed), seed)


@lru_cache(maxsize=64)
def parsed(source: bytes) -> SourceNotebook:
    """Return the source notebook, read once for a whole class."""
    return parse_source(source, Path("source.ipynb"))


def fork_server(source: bytes, limits: Limits, allow_unsandboxed: bool) -> ForkServer:
    """Return the fork server of a source notebook, started once for the whole class."""
    key = (source, limits)
    if key in SERVERS and not SERVERS[key].alive:
        SERVERS.pop(key).close()
    if key not in SERVERS:
        level = chosen_level(allow_unsandboxed)
        notebook = parsed(source)
        SERVERS[key] = ForkServer(
            notebook.withheld_modules, notebook.imported_modules, level, limits
        )
    return SERVERS[key]


@atexit.register
def close_servers() -> None:
    """End every fork server of this process."""
    while SERVERS:
        SERVERS.popitem()[1].close()
