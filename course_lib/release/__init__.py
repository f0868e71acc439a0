"""From sources to what learners get: the house's rules, the trial, and the release."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
