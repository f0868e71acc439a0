"""Language models, and how they write.

Read ``config`` and ``decoder_only`` first, then ``encoder`` and ``encoder_decoder``; ``cost``
counts their parameters and FLOPs. Writing is ``filters``, ``sampling``, ``generation`` and
``beam``, with ``decoding`` for speed and ``translating`` for two texts. ``pretrained`` reads and
writes published models, whose names ``hugging_face`` and ``hugging_face_weights`` translate.
``gpt`` puts all this together.
"""
