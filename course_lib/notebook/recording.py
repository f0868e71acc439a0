"""The session of a process whose answers are judged elsewhere: it notes objects, no more."""

from __future__ import annotations

from typing import Any, TypeVar

Object = TypeVar("Object")

active = False
"""Whether ``start`` gives this session; only the grader's worker sets it."""

recorded: dict[str, Any] = {}
"""The learner's object for each exercise that has been checked so far."""


class RecordingSession:
    """What ``start`` returns where answers are graded: a learner's session's calls, silent."""

    quick = True
    device = "cpu"

    def check(self, name: str, answer: Any) -> None:
        """Note the learner's object for the exercise called ``name``."""
        recorded[name] = answer

    def use(self, name: str, answer: Object) -> Object:
        """Return the learner's own object."""
        return answer

    def pick(self, *, quick: Object, cpu: Object, gpu: Object) -> Object:
        """Return the smallest of the three sizes."""
        return quick

    def hint(self, name: str) -> None:
        """Say nothing."""

    def progress(self) -> None:
        """Say nothing."""
