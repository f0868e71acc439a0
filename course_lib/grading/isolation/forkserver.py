"""The fork server: imports the heavy packages once, then forks a world for each submission.

It runs inside the sandbox, as ``python -m … CONTROL LEVEL PRELOAD…`` where CONTROL is the
number of an inherited socket. Two orders are known: ``{"order": "fork", "limits": {…}}`` with the
submission's socket attached, answered by a process number; ``{"order": "end", "process": N}``,
answered when N and all that it started are gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NoReturn

from course_lib.grading.isolation import landlock, namespaces, seccomp, stage, watch
from course_lib.grading.isolation.limits import Limits
from course_lib.grading.isolation.sandbox import PRIVATE, READABLE

MESSAGE_BYTES = 2**16
SECONDS_TO_END = 10.0
FOLDERS: dict[int, str] = {}
PLACE = os.environ.get(PRIVATE, "/tmp")


def main() -> None:
    """Serve until the control socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    level = sys.argv[2]
    warm_up(sys.argv[3:])
    control.sendall(b'{"ready": true}')
    while True:
        message, descriptors, *_ = socket.recv_fds(control, MESSAGE_BYTES, 1)
        if not message:
            return
        order = json.loads(message)
        if order["order"] == "fork":
            number = fork(descriptors[0], Limits(**order["limits"]), level, control)
            os.close(descriptors[0])
        else:
            number = end(order["process"])
        control.sendall(json.dumps({"process": number}).encode())


def warm_up(modules: list[str]) -> None:
    """Import once what every submission needs, and run one operation of torch before any fork."""
    import torch
    from IPython.core.history import HistoryManager

    from course_lib.grading.isolation import shell

    # an editable installation would find the real package, answers and all, behind the stage
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if not getattr(finder, "__name__", "").startswith("_Editable")
    ]
    torch.set_num_threads(1)
    torch.ones(2, 2) @ torch.ones(2, 2)
    HistoryManager.enabled = False  # type: ignore[assignment]
    shell.make_shell()
    for name in modules:
        with contextlib.suppress(Exception):  # what is missing fails where the notebook needs it
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def fork(descriptor: int, limits: Limits, level: str, control: socket.socket) -> int:
    """Fork one submission's process; returns its number."""
    folder = tempfile.mkdtemp(prefix="course-submission-") if level != "strong" else PLACE
    number = os.fork()
    if number:
        if level != "strong":
            FOLDERS[number] = folder
        return number
    try:
        control.close()
        os.setsid()
        namespaces.die_with_parent()
        if level == "strong":
            _enter_new_world(descriptor, limits, folder)
        _work(descriptor, limits, level, folder)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def end(number: int) -> int:
    """End a submission's process with all that it started, and wait until it is gone."""
    folder = FOLDERS.pop(number, None)
    if folder is None:
        _signal(os.kill, number, signal.SIGTERM)  # the watcher ends the world and then itself
        _wait(number, SECONDS_TO_END)
    _signal(os.killpg, number, signal.SIGKILL)
    _signal(os.kill, number, signal.SIGKILL)
    _wait(number, SECONDS_TO_END)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    return number


def _signal(kill: object, number: int, which: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        kill(number, which)  # type: ignore[operator]


def _wait(number: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(number, os.WNOHANG)[0] == 0 and time.monotonic() < deadline:
            time.sleep(0.001)


def _enter_new_world(descriptor: int, limits: Limits, folder: str) -> None:
    """Return in the first process of a new world; this process watches over it until its end."""
    processes_folder = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    namespaces.enter_new_world()
    signal.pthread_sigmask(signal.SIG_BLOCK, watch.SIGNALS)
    first = os.fork()
    if first:
        os.close(descriptor)
        watch.watch(first, processes_folder, limits)
        os._exit(0)
    namespaces.die_with_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, watch.SIGNALS)
    os.setsid()  # kill(0) must not reach whoever watches
    namespaces.furnish(folder, limits)
    namespaces.renounce()


def _work(descriptor: int, limits: Limits, level: str, folder: str) -> NoReturn:
    from course_lib.grading.isolation import worker

    os.chdir(folder)
    stage.bring_beside(Path(folder))
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
    os.closerange(descriptor + 1, 256)
    for number in range(3, descriptor):
        with contextlib.suppress(OSError):
            os.close(number)
    sock = socket.socket(fileno=descriptor)
    nothing = os.open(os.devnull, os.O_RDWR)
    namespaces.set_limits(limits)
    if level == "strong":
        seccomp.install()
    elif level == "medium":
        namespaces.renounce()
        readable, listed = json.loads(os.environ[READABLE])
        landlock.restrict(readable, listed, [folder])
        seccomp.install(narrow=True)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    worker.serve(sock, limits)
    os._exit(0)


if __name__ == "__main__":
    main()
