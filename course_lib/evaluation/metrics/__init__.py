"""Metrics: what a model reached, as one number that says exactly what it counts.

Predictions come first, targets second: ``metrics.f1(predictions, targets, average="macro")``.
Labels and scores may be lists, arrays, or tensors on any device.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
