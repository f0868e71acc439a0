"""From a submission to points: rebuild it on the source, play it, judge it by values.

Read ``source``, ``rebuild``, ``playing``, then ``engine``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
