"""The fork server: imports the heavy packages once, then forks a world for each submission.

It runs inside the sandbox, as ``python -m course_lib.grading.forkserver CONTROL ISOLATED PRELOAD…``
where CONTROL is the number of an inherited socket. Two orders are known: ``{"order": "fork",
"limits": {…}}`` with the submission's socket attached, answered by a process number; ``{"order":
"end", "process": N}``, answered when N and all that it started are gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
from typing import Any

from course_lib.grading import namespaces
from course_lib.grading.limits import Limits

MESSAGE_BYTES = 2**16


def main() -> None:
    """Serve until the control socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    isolated = bool(sys.argv[2] == "isolated")
    warm_up(sys.argv[3:])
    control.sendall(b'{"ready": true}')
    while True:
        message, descriptors, *_ = socket.recv_fds(control, MESSAGE_BYTES, 1)
        if not message:
            return
        order = json.loads(message)
        if order["order"] == "fork":
            number = fork(descriptors[0], Limits(**order["limits"]), isolated, control)
            os.close(descriptors[0])
        else:
            number = end(order["process"])
        control.sendall(json.dumps({"process": number}).encode())


def warm_up(modules: list[str]) -> None:
    """Import once what every submission needs, and run one operation of torch before any fork."""
    import torch
    from IPython.core.history import HistoryManager

    from course_lib.grading import worker

    torch.set_num_threads(1)
    torch.ones(2, 2) @ torch.ones(2, 2)
    HistoryManager.enabled = False
    worker.make_shell()
    for name in modules:
        with contextlib.suppress(Exception):  # what is missing fails where the notebook needs it
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def fork(descriptor: int, limits: Limits, isolated: bool, control: socket.socket) -> int:
    """Fork one submission's process; returns its number."""
    number = os.fork()
    if number:
        return number
    try:
        control.close()
        os.setsid()
        if isolated:
            _enter_isolated(descriptor, limits)
        else:
            _work(descriptor, limits, tempfile.mkdtemp(prefix="course-submission-"))
    finally:
        os._exit(1)


def end(number: int) -> int:
    """Kill a submission's process with all its descendants, and wait until it is gone."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(number, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(number, 0)
    return number


def _enter_isolated(descriptor: int, limits: Limits) -> None:
    namespaces.die_with_parent()
    namespaces.enter_new_world()
    first = os.fork()
    if first == 0:
        namespaces.die_with_parent()
        os.setsid()  # kill(0) must not reach whoever waits outside
        namespaces.furnish(limits)
        _work(descriptor, limits, str(namespaces.NEW_FOLDER))
    os.close(descriptor)
    os.waitpid(first, 0)


def _work(descriptor: int, limits: Limits, folder: str) -> Any:
    from course_lib.grading import worker

    namespaces.set_limits(limits)
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(descriptor + 1, 256)
    for number in range(3, descriptor):
        with contextlib.suppress(OSError):
            os.close(number)
    worker.serve(socket.socket(fileno=descriptor), limits)
    os._exit(0)


if __name__ == "__main__":
    main()
