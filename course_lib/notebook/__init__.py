"""The learner's session: one line to start, one to check, one for a hint, one to go on."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
