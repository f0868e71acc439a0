"""Byte-pair encoding: text cut into pieces of words that were learned from text.

Read ``steps`` first, which is the algorithm by its definition. ``BPETokenizer``, in ``tokenizer``,
is the same made fast: ``split_patterns`` cuts a text, ``word_counting`` counts its pieces,
``training`` learns the merges and ``encoding`` applies them. ``files`` reads and writes tokenizers
in the ``byte_alphabet``; ``compression`` measures what was gained.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
