"""The course's texts and images: what installed packages hold, and what ``course data`` gets."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
