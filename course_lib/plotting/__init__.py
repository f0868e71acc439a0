"""Figures that state a finding: labelled axes, colours for all eyes, text for those who listen."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
