"""Where jobs run: a few processes of this machine, a Dask cluster, or this process alone."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError, InputError
from course_lib.grading.classroom.jobs import library_digest
from course_lib.grading.classroom.pool import Pool
from course_lib.grading.judging import GradingTask, NotebookResult, grade_submission

SCHEDULER = "COURSE_SCHEDULER"
CERTIFICATES = "COURSE_CERTIFICATES"
INSECURE = "COURSE_INSECURE_CLUSTER"
PROCESSES = "COURSE_GRADERS"
FILES = {"tls_ca_file": "ca.pem", "tls_client_cert": "certificate.pem", "tls_client_key": "key.pem"}
AHEAD = 4
"""Jobs under way for each process: enough that one slow submission keeps nobody waiting."""
NO_ROUTES = "--no-dashboard and DASK_DISTRIBUTED__{SCHEDULER,WORKER}__HTTP__ROUTES='[]'"


def executor(resources: contextlib.ExitStack) -> tuple[Executor | None, int]:
    """Return what runs jobs, and how many to have under way; ``resources`` ends it."""
    address = os.environ.get(SCHEDULER)
    if address:
        client = connected(address)
        resources.callback(client.close)
        return client.get_executor(pure=False), AHEAD * sum(client.ncores().values())
    processes = graders_wanted()
    if processes == 0:
        return None, 0
    pool = Pool(processes)
    resources.callback(pool.shutdown, wait=True, cancel_futures=True)
    return pool, AHEAD * processes


def connected(address: str) -> Any:
    """Return a client of the Dask cluster at ``address``.

    Raises ``InputError`` for none, for one that anybody could give orders to, and for one that
    answers a browser.
    """
    from distributed import Client

    security = _security(address)
    try:
        client: Any = Client(address, set_as_default=False, security=security)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise InputError("the scheduler", expected="a Dask scheduler, as tls://host:8786",
                         got=f"{address} ({error})") from error  # fmt: skip
    try:
        _usable(client, address)
    except InputError:
        client.close()
        raise
    return client


def is_insecure() -> bool:
    """Return whether the chosen cluster takes orders from anybody who can reach it."""
    address = os.environ.get(SCHEDULER, "")
    return bool(address) and not address.startswith("tls://")


def graded_there(digest: str, task: GradingTask) -> NotebookResult:
    """Grade on a worker, which must have the very same course as whoever asks for it."""
    if digest != library_digest():
        raise CourseError("a worker of the cluster", expected="the same version of the course",
                          got="another one", remedy="install the same everywhere")  # fmt: skip
    return grade_submission(task)


def graders_wanted() -> int:
    """Return how many processes grade: ``COURSE_GRADERS``, else one for each processor, up to 8."""
    text = os.environ.get(PROCESSES)
    if text is None:
        return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)
    if not text.isdigit():
        raise InputError(PROCESSES, expected="a whole number ≥ 0", got=repr(text))
    return int(text)


def _security(address: str) -> Any:
    """Return what proves each end to the other; ``None`` where that was given up on purpose."""
    from distributed import Security

    if not address.startswith("tls://"):
        if not os.environ.get(INSECURE):
            raise InputError(
                "the scheduler", expected="tls://HOST:PORT", got=address,
                remedy="whoever reaches a cluster without TLS runs code on it and on this machine; "
                "--insecure-cluster takes it all the same",
            )  # fmt: skip
        return None
    folder = Path(os.environ.get(CERTIFICATES) or ".")
    missing = [name for name in FILES.values() if not (folder / name).is_file()]
    if missing:
        raise InputError(f"the certificates in {folder}", expected=" and ".join(FILES.values()),
                         got=f"no {' and no '.join(missing)}",
                         remedy=f"name their folder: --certificates or {CERTIFICATES}")  # fmt: skip
    paths = {name: str(folder / file) for name, file in FILES.items()}
    return Security(require_encryption=True, **paths)  # type: ignore[no-untyped-call]


def _usable(client: Any, address: str) -> None:
    if not client.ncores():
        raise InputError("the scheduler", expected="workers", got="none",
                         remedy=f"start some: dask worker {address} --nthreads 1")  # fmt: skip
    routes = sum([client.run_on_scheduler(_routes, "scheduler"),
                  *client.run(_routes, "worker").values()])  # fmt: skip
    if routes and not os.environ.get(INSECURE):
        raise InputError("the cluster", expected="no pages for browsers", got=f"{routes} of them",
                         remedy=f"start each of its processes with {NO_ROUTES}")  # fmt: skip


def _routes(part: str) -> int:
    """Return how many kinds of pages a part of the cluster shows to whoever can reach it."""
    import dask

    return len(dask.config.get(f"distributed.{part}.http.routes"))
