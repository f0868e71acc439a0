"""What is asked, case by case: a folder for each chapter, a file for each exercise.

An exercise knows its cases, its reference, the wrong answers that people really give, and a ladder
of hints. The notebook's visible check and the instructor's grader are the same judgement with
another seed.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
