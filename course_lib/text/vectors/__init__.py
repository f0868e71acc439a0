"""Words and documents as vectors.

Read in this order: ``bag_of_words`` counts, ``cosine`` compares. ``numbered_text`` gives words
numbers; ``window_pairs`` pairs neighbours by definition, ``context_pairs`` fast. Skip-gram learns
from the pairs: ``noise``, ``negative_sampling``, ``skip_gram``. GloVe learns from a table of their
counts: ``co_occurrence``, ``glove_weighting``, ``glove``. Whatever was learned is a
``word_vectors.WordVectors``, which asks ``similarity`` and is kept by ``vector_files``.
"""
