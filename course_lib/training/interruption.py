"""Ctrl-C without loss: the step that is under way is finished first, so that it can be kept.

A step that is broken off leaves weights of which some have moved and some have not. So the first
interrupt, and a cluster's request to end (SIGTERM), is only noted; the loop asks between two steps.
The second one ends the run at once.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def noted_interrupts() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether the end was asked for inside the block.

    Outside a program's main thread, where signals can't be caught, they act as always.

    >>> with noted_interrupts() as asked_to_stop:
    ...     signal.raise_signal(signal.SIGINT)
    ...     asked_to_stop()
    stopping after this step; once more stops at once
    True
    """
    noted = list[int]()

    def note(number: int, _: FrameType | None) -> None:
        if noted:
            raise KeyboardInterrupt
        noted.append(number)
        print("stopping after this step; once more stops at once", flush=True)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = [(number, signal.signal(number, note)) for number in SIGNALS]
    try:
        yield lambda: bool(noted)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
