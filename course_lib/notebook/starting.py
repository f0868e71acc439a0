"""The one set-up line of a notebook: find out the machine, choose sizes, give a session."""

from __future__ import annotations

import os

from course_lib.notebook import recording
from course_lib.notebook.recording import RecordingSession
from course_lib.notebook.session import Session


def start(chapter: str, quick: bool | None = None) -> Session | RecordingSession:
    """Start a session for a chapter (``"ch01"`` or its full name) and say what it runs on.

    ``quick`` picks the smallest sizes; left out, it is on where nbgrader runs the notebook, and
    where ``COURSE_QUICK`` says so. Raises ``InputError`` for a chapter that the course does not
    have, and for a ``COURSE_DEVICE`` that the machine does not have.
    """
    if recording.active:
        return RecordingSession()
    from course_lib.gpu import choose_device

    name = _full_name(chapter)
    if quick is None:
        quick = bool(os.environ.get("NBGRADER_EXECUTION") or os.environ.get("COURSE_QUICK"))
    device = str(choose_device())
    print(f'{name} on {device}, {"quick" if quick else "full"} sizes. Stuck? session.hint("…")')
    return Session(name, device=device, quick=quick)


def _full_name(chapter: str) -> str:
    from course_lib.errors import InputError
    from course_lib.exercises import chapters

    for name in chapters():
        if name == chapter or name.partition("_")[0] == chapter:
            return name
    raise InputError("the chapter", expected=" or ".join(chapters()), got=repr(chapter))
