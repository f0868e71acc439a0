"""Training any module of PyTorch: optimiser, schedule, clipping, checkpoints, and the loop.

``optimiser``, ``schedule``, ``clipping``, ``averaging`` and ``early_stopping`` are one idea each;
``plain_loop`` puts them together as the algorithm does, ``loop`` as a long run needs it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
