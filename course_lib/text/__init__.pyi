from .normalisation import half_width as half_width
from .normalisation import normalise as normalise
from .words import split_sentences as split_sentences
from .words import tokenize as tokenize
from .words import tokenize_words as tokenize_words
