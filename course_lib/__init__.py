"""Words & Pixels: the library behind the course, one room for each chapter.

Nothing heavy is imported here; each room loads what it needs when it is first used.

>>> import course_lib
>>> course_lib.__version__.count(".")
2
"""

__version__ = "0.1.0"
