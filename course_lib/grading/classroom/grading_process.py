"""What a process of the pool does: answer calls until the other end is closed."""

from __future__ import annotations

import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from course_lib.grading.isolation import die_with_parent


def serve(connection: Connection) -> None:
    """Answer each call with whether it went well, and its value or its exception."""
    while True:
        try:
            function, arguments, keywords = connection.recv()
        except EOFError:
            return
        try:
            answer = True, function(*arguments, **keywords)
        except Exception as error:
            answer = False, error
        try:
            connection.send(answer)
        except OSError:
            return
        except Exception as error:  # an exception of a kind that does not travel
            connection.send((False, RuntimeError(f"{type(answer[1]).__name__}: {error}")))


def main() -> None:
    """Serve the connection whose descriptor is the command's only word."""
    die_with_parent()
    signal.signal(signal.SIGTERM, _leave)
    serve(Connection(int(sys.argv[1])))


def _leave(number: int, frame: Any) -> None:
    """Leave through Python's own end, so that fork servers are ended and their files removed."""
    sys.exit(0)


if __name__ == "__main__":
    main()
