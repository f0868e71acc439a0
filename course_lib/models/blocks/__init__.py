"""The parts of a transformer, for language and vision alike.

Read ``attention`` first, with ``masks`` and ``positions``; ``rotary`` positions act inside it, and
``cache`` spares it what it did before. ``multi_head`` makes it a layer. ``activations`` and
``feed_forward`` are the other half of a ``block``, ``normalisation`` stands around both, and
``block_config`` is the shape of all.
``initialisation`` draws the first weights; ``lora`` trains few of them.
"""
