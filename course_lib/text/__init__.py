"""From raw text to words, pieces of words and vectors, in English and Chinese side by side."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
