"""Where jobs run: a Dask cluster, a few processes of this machine, or this process alone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

from course_lib.errors import CourseError, InputError
from course_lib.grading.classroom.jobs import library_digest
from course_lib.grading.judging import NotebookResult, grade_submission

SCHEDULER = "COURSE_SCHEDULER"
PROCESSES = "COURSE_GRADERS"
LOCAL = "local:"
"""Begins an address that stands for a cluster of so many processes of this machine."""
AHEAD = 4
"""Jobs under way for each process: enough that one slow submission keeps nobody waiting."""


def executor(resources: contextlib.ExitStack) -> tuple[Executor | None, int]:
    """Return what runs jobs, and how many to have under way; ``resources`` ends it."""
    address = os.environ.get(SCHEDULER)
    if address and address.startswith(LOCAL):
        address = resources.enter_context(local_cluster(int(address.removeprefix(LOCAL))))
    if address:
        client = connected(address)
        resources.callback(client.close)
        return client.get_executor(pure=False), AHEAD * sum(client.ncores().values())
    processes = graders_wanted()
    if processes == 0:
        return None, 0
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin_process)
    resources.callback(pool.shutdown, wait=True, cancel_futures=True)
    return pool, AHEAD * processes


def connected(address: str) -> Any:
    """Return a client of the Dask cluster at ``address``; raises ``InputError`` for none."""
    from distributed import Client

    try:
        client: Any = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise InputError("the scheduler", expected="a Dask scheduler, as tcp://host:8786",
                         got=f"{address} ({error})") from error  # fmt: skip
    if not client.ncores():
        client.close()
        raise InputError("the scheduler", expected="workers", got="none",
                         remedy=f"start some: dask worker {address} --nthreads 1")  # fmt: skip
    return client


@contextlib.contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """Run a Dask cluster of ``workers`` processes on this machine; gives its address."""
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory(prefix="course-dask-") as folder, contextlib.ExitStack() as on:
        with _interrupts_ignored():  # the processes go on when somebody presses Ctrl-C here
            cluster: Any = on.enter_context(
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                    memory_limit=0, dashboard_address=None, local_directory=folder,
                    silence_logs=50,
                )
            )  # fmt: skip
        yield cluster.scheduler_address


def graded_there(digest: str, *arguments: Any) -> NotebookResult:
    """Grade on a worker, which must have the very same course as whoever asks for it."""
    if digest != library_digest():
        raise CourseError("a worker of the cluster", expected="the same version of the course",
                          got="another one", remedy="install the same everywhere")  # fmt: skip
    return grade_submission(*arguments)


def graders_wanted() -> int:
    """Return how many processes grade: ``COURSE_GRADERS``, else one for each processor, up to 8."""
    text = os.environ.get(PROCESSES)
    if text is None:
        return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)
    if not text.isdigit():
        raise InputError(PROCESSES, expected="a whole number ≥ 0", got=repr(text))
    return int(text)


def _begin_process() -> None:
    """Have a grading process end with its parent, and leave Ctrl-C to it."""
    from course_lib.grading.isolation import die_with_parent

    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
