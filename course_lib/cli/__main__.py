"""``python -m course_lib.cli`` is ``course``, for launchers that start a module."""

from course_lib.cli import main

main()
