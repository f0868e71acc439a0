"""The machine: which device, which precision, how fast, how much memory, how large a batch."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
