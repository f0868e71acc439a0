"""Which tokens stand within reach of each other: for whole texts at once, with arrays only.

A loop over words finds their neighbours one by one. Arrays turn it round: lay the text over itself,
moved by one place, and all neighbours at distance one lie on top of each other; then by two places.
Where the sentence changes, the pair is dropped.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor


def pairs_at_distance(
    ids: Int[np.ndarray, " token"], sentences: Int[np.ndarray, " token"], distance: int
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"]]:
    """Return the earlier and the later word of all tokens that stand ``distance`` apart.

    ``sentences`` holds the number of each token's sentence: two sentences never meet.

    >>> pairs_at_distance(np.array([7, 8, 9, 5]), np.array([0, 0, 0, 1]), 1)
    (array([7, 8]), array([8, 9]))
    """
    same = sentences[:-distance] == sentences[distance:]
    return ids[:-distance][same], ids[distance:][same]


def context_pairs(
    ids: Int[np.ndarray, " token"], sentences: Int[np.ndarray, " token"], window: int
) -> Int[np.ndarray, "pair 2"]:
    """Return the pairs (centre, context) that ``skip_gram_pairs`` gives, in another order.

    >>> context_pairs(np.array([7, 8, 9]), np.array([0, 0, 0]), window=1).tolist()
    [[7, 8], [8, 9], [8, 7], [9, 8]]
    """
    found = [pairs_at_distance(ids, sentences, d) for d in range(1, window + 1)]
    forwards = np.concatenate([np.stack(pair, axis=1) for pair in found])
    return np.concatenate([forwards, forwards[:, ::-1]])


def within_reach(
    sentences: Int[Tensor, "block context"], reach: Int[Tensor, "block centre"], window: int
) -> Bool[Tensor, "block centre context"]:
    """Return which places of a block's surroundings are contexts of which of its centres.

    The surroundings are the centres and the ``window`` tokens on each side of them. Each centre has
    a reach of its own, at most ``window``; a negative sentence marks a place that holds no token.

    >>> within_reach(torch.tensor([[0, 0, 0, 1]]), torch.tensor([[1, 1]]), window=1).int()
    tensor([[[1, 0, 1, 0],
             [0, 1, 0, 0]]], dtype=torch.int32)
    """
    centre = torch.arange(reach.shape[1], device=reach.device)[:, None] + window
    distance = (torch.arange(sentences.shape[1], device=reach.device) - centre).abs()
    own = sentences[:, window : window + reach.shape[1], None]
    same = (own == sentences[:, None]) & (own >= 0)
    return same & (distance <= reach[:, :, None]) & (distance > 0)
