"""Text cut into words, English and Chinese.

Read ``normalisation`` first (one spelling for one text), then ``tokenization`` (English, by rule);
Chinese has no spaces, so ``dictionary_segmentation`` and ``segmentation`` cut it, and
``segmentation_score`` says how well. ``stop_words`` and ``frequencies`` are about the words found.
"""
