from .normalisation import half_width as half_width
from .normalisation import normalise as normalise
