"""What all tests share: no test is judged by its speed, and the same inputs are drawn each time."""

from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")
