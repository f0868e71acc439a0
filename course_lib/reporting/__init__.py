"""What an instructor wants to know of a graded class, on one page and in files for platforms.

``gather`` reads the gradebook and the record; ``fingerprints`` finds work that is nearly the same;
``page`` draws one HTML page without network; ``exports`` writes CSV, JSON, Moodle's and Canvas's.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
