"""The stranger's process: it runs cells, keeps objects, and puts them through probes.

Whatever it sends is only believed as a value. Three requests are known: ``run`` a cell, ``note``
the object that an expression gives under an exercise's name, ``probe`` a noted object with a case.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

from course_lib.exercises.case import Case
from course_lib.exercises.trying import in_words, tried
from course_lib.grading.isolation.limits import Limits
from course_lib.grading.isolation.shell import images_of, make_shell
from course_lib.grading.isolation.tagging import WireError
from course_lib.grading.isolation.wire import encode, receive_request, send
from course_lib.notebook import recording
from course_lib.notebook.time_limit import TOO_SLOW, TimeLimitReached, time_limit

ERROR_CHARACTERS = 500
A_LONG_TIME = 24 * 3600.0


class BoundedText(io.TextIOBase):
    """A text stream that keeps the first so many bytes and drops the rest."""

    encoding = "utf-8"

    def __init__(self, most: int) -> None:
        self.parts: list[str] = []
        self.left = most

    def write(self, text: str) -> int:
        """Keep what still fits."""
        if self.left > 0:
            kept = str(text)[: self.left].encode("utf-8", "replace")[: self.left]
            self.parts.append(kept.decode("utf-8", "ignore"))
            self.left -= len(kept)
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def text(self) -> str:
        """Return what was kept."""
        return "".join(self.parts)


def serve(sock: socket.socket, limits: Limits) -> None:
    """Say that the walls stand, then answer requests until the other side closes the socket."""
    send(sock, encode({"ready": True}), time.monotonic() + A_LONG_TIME)
    recording.active = True
    shell, noted = make_shell(), dict[str, Any]()
    shell.user_ns.pop("exit", None)
    shell.user_ns.pop("quit", None)
    while True:
        try:
            request = receive_request(sock, time.monotonic() + A_LONG_TIME)
        except WireError:
            return
        reply = _answer(request, shell, noted, limits)
        send(sock, _frame(reply), time.monotonic() + A_LONG_TIME)


def _frame(reply: dict[str, Any]) -> bytes:
    try:
        return encode(reply)
    except WireError as error:
        return encode({"error": f"ValueError: {error}"})


def _answer(request: Any, shell: Any, noted: dict[str, Any], limits: Limits) -> dict[str, Any]:
    if request["request"] == "run":
        return _run(shell, request["source"], limits)
    if request["request"] == "note":
        return _note(shell, noted, request["name"], request["expression"])
    return _probe(noted, request, limits)


def _run(shell: Any, source: str, limits: Limits) -> dict[str, Any]:
    import numpy as np

    output = BoundedText(limits.cell_output_bytes)
    with time_limit(limits.cell_seconds), _captured(output):
        error, value = TOO_SLOW, None
        with contextlib.suppress(TimeLimitReached):
            result = shell.run_cell(source, store_history=False)
            failure = result.error_before_exec or result.error_in_exec
            error = _words(failure) if failure is not None else ""
            value = _number(result.result)
            error = TOO_SLOW if isinstance(failure, TimeLimitReached) else error
    images = [np.frombuffer(image, np.uint8) for image in images_of(shell)]
    return {"error": error or None, "output": output.text(), "value": value, "images": images}


def _number(value: Any) -> int | float | None:
    """Return partial credit that a cell ends with; a truth value is none, as for nbgrader."""
    import numpy as np

    value = value.item() if isinstance(value, np.generic) else value
    return value if type(value) in (int, float) else None


def _note(shell: Any, noted: dict[str, Any], name: str, expression: str) -> dict[str, Any]:
    try:
        noted[name] = eval(expression, shell.user_ns)  # the learner's own names, in its own process
    except BaseException as error:
        noted.pop(name, None)
        return {"error": _words(error)}
    return {"error": None}


def _probe(noted: dict[str, Any], request: Any, limits: Limits) -> dict[str, Any]:
    if request["name"] not in noted:
        return {"error": "NotImplementedError: the notebook does not define it"}
    module, _, attribute = request["probe"].partition(":")
    probe = getattr(importlib.import_module(module), attribute)
    case = Case(request["aspect"], *request["arguments"], **request["keywords"])
    case = case.setting(**request["settings"])
    try:
        with time_limit(limits.call_seconds), _captured(BoundedText(0)):
            found = tried(noted[request["name"]], probe, case, tuple(request["not_by"]))
    except TimeLimitReached:
        return {"error": "TimeoutError: the call took too long", "timed_out": True}
    except BaseException as error:
        return {"error": _words(error)}
    if found.error:
        return {"error": found.error[:ERROR_CHARACTERS], "line": found.line}
    beside = {"form": found.form, "changed": list(found.changed), "printed": found.printed}
    return {"value": found.value, **beside}


def _words(error: BaseException) -> str:
    return in_words(error)[:ERROR_CHARACTERS]


@contextlib.contextmanager
def _captured(output: BoundedText) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = output
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
