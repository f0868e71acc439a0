"""The session of a process whose answers are judged elsewhere: the same calls, and silent."""

from __future__ import annotations

from typing import Any, TypeVar

Object = TypeVar("Object")

active = False
"""Whether ``start`` gives this session; only the grader's worker sets it."""


class RecordingSession:
    """What ``start`` returns where answers are graded: the grader takes the answers itself."""

    quick = True
    device = "cpu"

    def check(self, name: str, answer: Any) -> None:
        """Say nothing: the grader judges the answer in another process."""

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
