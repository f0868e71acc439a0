"""Running a stranger's work: walls, limits, a fork server, and a wire that carries values only.

Read ``limits``, then ``sandbox`` (which walls this machine offers), ``server`` and ``forkserver``,
``worker`` (the stranger's side) and ``dialogue`` (ours), and ``wire`` last.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
