"""From whatever a class handed in to ``submitted/NAME/CHAPTER``, without trusting a file of it.

``archive`` reads a folder or a zip as names and bounded contents; ``naming`` says whose each file
is and which notebook it answers; ``collect`` plans, refuses with a reason, and writes.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
