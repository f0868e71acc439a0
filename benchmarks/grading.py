"""A class of torch submissions: ``course grade`` beside stock ``nbgrader autograde``, in one run.

Both are whole commands, from an empty gradebook to a full one, on the same notebooks, by two
processes here and in nbgrader's single one there. Every score is compared with what it must be.
The class is ``COURSE_BENCH_LEARNERS`` strong: 30 unless told, 100 for the published figure. Memory
is that of one grading process with its fork server and a submission in it, shared pages divided.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grading_course import CHAPTER, expected, make_course
from benchmarks.harness import Row
from course_lib.errors import CourseError

PACKAGES = ("nbgrader", "nbconvert", "nbclient", "distributed", "torch", "SQLAlchemy")
LEARNERS = "COURSE_BENCH_LEARNERS"
WORKERS = 2
TARGET = 8.0
MEBIBYTE = 2**20


def rows() -> Iterator[Row]:
    """Yield a class's speed, a single learner's, and the memory of a worker."""
    learners = int(os.environ.get(LEARNERS, "30"))
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = Path(folder, "ours"), Path(folder, "stock")
        for root in (ours, stock):
            make_course(root, learners, stock=root is stock)
            _run(root, "-m", "nbgrader", "generate_assignment", CHAPTER)
        memory = Memory()
        with memory:
            grade = ("course.py", "grade", CHAPTER, "--no-feedback", "--workers", str(WORKERS))
            mine = _run(ours, *grade)
        theirs = _run(stock, "-m", "nbgrader", "autograde", CHAPTER)
        for root in (ours, stock):
            _verify(root, learners)
        name = f"{learners} torch submissions, {WORKERS} workers"
        yield _row(name, 60 * learners / mine, 60 * learners / theirs, TARGET)
        one = ("-m", "nbgrader", "autograde", CHAPTER, "--force", "--student", "learner000")
        single, other = _run(ours, *one), _run(stock, *one)
        yield _row("one submission, nbgrader autograde --student", 60 / single, 60 / other, None)
    yield Row(
        "memory of a grading process", memory.most / MEBIBYTE, None, None, None, None, "MiB", 1
    )


def _row(name: str, ours: float, peer: float, target: float | None) -> Row:
    return Row(name, ours, peer, ours / peer, None, target, "submissions/min", 1)


class Memory:
    """Looks at the grading processes while they work, and keeps the most that one has used."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, *_used_by_workers(), 0)


def _used_by_workers() -> Iterator[int]:
    """Give the proportional memory of each process that has a fork server below it, with both."""
    import psutil

    for course in psutil.Process().children():
        for worker in course.children():
            try:
                below = worker.children(recursive=True)
                if any("course_lib.grading.isolation.forkserver" in one.cmdline() for one in below):
                    yield sum(one.memory_full_info().pss for one in (worker, *below))
            except psutil.Error:
                continue


def _run(root: Path, *words: str) -> float:
    """Run a command of the course's own Python and return the seconds that it took."""
    began = time.perf_counter()
    variables = {**os.environ, "PYTHONPATH": str(root), "COURSE_SEED": "4711",
                 "OMP_NUM_THREADS": "1", "JUPYTER_PLATFORM_DIRS": "1"}  # fmt: skip
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [sys.executable, *words]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, env={**variables, "PATH": path}
    )
    if done.returncode:
        raise CourseError(" ".join(words), got=(done.stdout + done.stderr)[-2000:])
    return time.perf_counter() - began


def _verify(root: Path, learners: int) -> None:
    """Raise ``CourseError`` unless everybody has the score that they must get."""
    query = """select submitted_assignment.student_id, sum(grade.auto_score) from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        group by 1"""
    connection = sqlite3.connect(root / "gradebook.db")
    found = dict(connection.execute(query).fetchall())
    connection.close()
    wanted = {f"learner{number:03}": expected(number) for number in range(learners)}
    if found != wanted:
        wrong = {name: found.get(name) for name in wanted if found.get(name) != wanted[name]}
        raise CourseError(f"the scores in {root.name}", expected="as known beforehand", got=wrong)
