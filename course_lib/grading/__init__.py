"""The instructor's side: run a stranger's notebook where it can do no harm, and judge it by value.

``wire`` carries plain values; ``sandbox``, ``stage``, ``namespaces`` and ``limits`` shut the
learner's process in; ``forkserver`` and ``worker`` are that process; ``server`` talks to it;
``source`` and ``rebuild`` say what to run; ``engine`` judges; ``feedback`` tells the learner;
``bridge`` is the seam to nbgrader.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
