"""Grading as one function of data: submission, source and seed in, points and words out.

It needs no gradebook and no files but the course itself, so that it maps over the processes of one
machine, or over the machines of a cluster, unchanged.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.grading.isolation import Files, ForkServer, Level, Limits, ServerError, chosen_level
from course_lib.grading.judging.engine import NotebookResult, Score, grade_notebook
from course_lib.grading.judging.rebuild import rebuild
from course_lib.grading.judging.source import SourceNotebook, parse_source

MOST_SERVERS = 8
"""Fork servers that a process keeps: as many as a chapter has notebooks, and more."""
ONE_AT_A_TIME = threading.RLock()


@dataclass(eq=False)
class Assignment:
    """A source notebook with its fork server, and what its own solution gets in it."""

    source: bytes
    seed: int
    server: ForkServer

    @cached_property
    def solved(self) -> NotebookResult:
        """What the source's own answers are worth in this very sandbox."""
        return grade_notebook(rebuild(self.source, parsed(self.source)), self.server, self.seed)

    def grade(self, submission: bytes) -> NotebookResult:
        """Grade one submission; raises ``CourseError`` where the course's own answer fails too."""
        limits = self.server.limits
        rebuilt = rebuild(submission, parsed(self.source), limits)
        result = grade_notebook(rebuilt, self.server, self.seed)
        lost = [name for name, score in result.scores.items() if _lost(score.points, score)]
        ours = [name for name in lost if self.solved.scores[name].points == 0]
        if ours:
            raise CourseError(
                f"the source's own answer gets nothing for {', '.join(ours)} either",
                got="; ".join(self.solved.errors.values()) or "no error",
                remedy="the course is at fault, not the learner: course check says more",
            )
        return result


ASSIGNMENTS: OrderedDict[tuple[bytes, int, Limits, Files], Assignment] = OrderedDict()


@dataclass(frozen=True)
class GradingTask:
    """All that a notebook's result depends on, as data that can travel to another machine.

    Notebook and source are as they lie on the disk; ``files`` lie beside the notebook while it
    runs.
    """

    submission: bytes = field(repr=False)
    source: bytes = field(repr=False)
    seed: int = field(repr=False)
    allow_unsandboxed: bool = False
    require_sandbox: bool = False
    files: Files = field(default=(), repr=False)


def grade_submission(task: GradingTask) -> NotebookResult:
    """Grade one notebook that was handed in against its source.

    The fork server of a source is started once in each process. Raises ``SandboxError`` where the
    machine can't shut strangers in as was asked, and ``CourseError`` for what else is our own
    failure, after a second try with a fresh server.
    """
    _compute_on_one_thread()
    level = chosen_level(task.allow_unsandboxed, task.require_sandbox)
    key = (task.source, task.seed, parsed(task.source).limits, task.files)
    with ONE_AT_A_TIME:
        try:
            return _assignment(key, level).grade(task.submission)
        except ServerError:
            close_servers()
            return _assignment(key, level).grade(task.submission)


@cache
def _compute_on_one_thread() -> None:
    """Keep this process to one processor: others grade beside it, and threads would collide."""
    os.environ["OMP_NUM_THREADS"] = "1"  # for what is imported from here on
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@lru_cache(maxsize=64)
def parsed(source: bytes) -> SourceNotebook:
    """Return the source notebook, read once for a whole class."""
    return parse_source(source, Path("source.ipynb"))


def _assignment(key: tuple[bytes, int, Limits, Files], level: Level) -> Assignment:
    source, seed, limits, files = key
    if key in ASSIGNMENTS and not ASSIGNMENTS[key].server.alive:
        ASSIGNMENTS.pop(key).server.close()
    if key not in ASSIGNMENTS:
        while len(ASSIGNMENTS) >= MOST_SERVERS:
            ASSIGNMENTS.popitem(last=False)[1].server.close()
        found = parsed(source)
        server = ForkServer(found.withheld_modules, found.imported_modules, level, limits, files)
        ASSIGNMENTS[key] = Assignment(source, seed, server)
    ASSIGNMENTS.move_to_end(key)
    return ASSIGNMENTS[key]


def _lost(points: float | None, score: Score) -> bool:
    return points is not None and points < score.max_points


@atexit.register
def close_servers() -> None:
    """End every fork server of this process."""
    while ASSIGNMENTS:
        ASSIGNMENTS.popitem()[1].server.close()
