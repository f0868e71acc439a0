"""The instructor's side: run a stranger's notebook where it can do no harm, and judge it by value.

Three rooms, each of which uses only those below it: ``classroom`` (a class in parallel, its record,
the seam to nbgrader), ``judging`` (one notebook to points), ``isolation`` (a stranger's process).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
