"""Evaluation that one can believe: splits, metrics, uncertainty, choosing, and a card of it all.

The metrics stand in ``course_lib.evaluation.metrics``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
