"""A bound on a learner's own call, so that an endless loop ends in a sentence."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TOO_SLOW = "TimeoutError: the cell took too long"


class TimeLimitReached(BaseException):
    """The block took too long; no ``Exception``, so that a learner's handlers let it pass."""

    def _render_traceback_(self) -> list[str]:
        return [TOO_SLOW]


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeLimitReached`` after ``seconds``, where possible (Unix, main thread)."""
    possible = (
        hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    )
    if not possible:
        yield
        return

    def reached(number: int, frame: Any) -> None:
        raise TimeLimitReached

    before = signal.signal(signal.SIGALRM, reached)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
