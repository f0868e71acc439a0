from .cosine import cosine_similarity as cosine_similarity
from .cosine import unit_rows as unit_rows
from .dictionary_segmentation import backward_maximum_matching as backward_maximum_matching
from .dictionary_segmentation import (
    bidirectional_maximum_matching as bidirectional_maximum_matching,
)
from .dictionary_segmentation import maximum_matching as maximum_matching
from .frequencies import document_frequencies as document_frequencies
from .frequencies import word_frequencies as word_frequencies
from .glove_weighting import glove_weight as glove_weight
from .noise import negative_distribution as negative_distribution
from .normalisation import half_width as half_width
from .normalisation import normalise as normalise
from .segmentation import UnigramSegmenter as UnigramSegmenter
from .segmentation import chinese_segmenter as chinese_segmenter
from .segmentation import viterbi_segment as viterbi_segment
from .segmentation_score import segmentation_f1 as segmentation_f1
from .similarity import analogy_accuracy as analogy_accuracy
from .similarity import nearest as nearest
from .similarity import solve_analogies as solve_analogies
from .stop_words import CHINESE_STOP_WORDS as CHINESE_STOP_WORDS
from .stop_words import ENGLISH_STOP_WORDS as ENGLISH_STOP_WORDS
from .stop_words import NEGATIONS as NEGATIONS
from .stop_words import STOP_WORDS as STOP_WORDS
from .stop_words import frequent_words as frequent_words
from .stop_words import remove_stop_words as remove_stop_words
from .window_pairs import skip_gram_pairs as skip_gram_pairs
from .word_vectors import WordVectors as WordVectors
from .words import split_sentences as split_sentences
from .words import tokenize as tokenize
from .words import tokenize_words as tokenize_words
