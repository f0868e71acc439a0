from .cosine import cosine_similarity as cosine_similarity
from .cosine import unit_rows as unit_rows
from .dictionary_segmentation import backward_maximum_matching as backward_maximum_matching
from .dictionary_segmentation import (
    bidirectional_maximum_matching as bidirectional_maximum_matching,
)
from .dictionary_segmentation import maximum_matching as maximum_matching
from .normalisation import half_width as half_width
from .normalisation import normalise as normalise
from .segmentation import UnigramSegmenter as UnigramSegmenter
from .segmentation import viterbi_segment as viterbi_segment
from .segmentation_score import segmentation_f1 as segmentation_f1
from .similarity import analogy_accuracy as analogy_accuracy
from .similarity import nearest as nearest
from .similarity import solve_analogies as solve_analogies
from .word_vectors import WordVectors as WordVectors
from .words import split_sentences as split_sentences
from .words import tokenize as tokenize
from .words import tokenize_words as tokenize_words
