"""The command line: ``course``, the same on Linux, macOS and Windows.

Each command is a file of this folder and does little more than call a room and print what it says.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``course``; an error of the course is one sentence on stderr and exit code 1."""
    from course_lib.cli.application import application
    from course_lib.cli.console import show_what_can_be_shown
    from course_lib.errors import CourseError

    show_what_can_be_shown()
    try:
        application()
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(1)
