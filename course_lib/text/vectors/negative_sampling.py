"""Skip-gram with negative sampling: its loss, and one step down it by matrix products.

For a centre word with the vector v, a context word with the vector u, and k negatives with the
vectors nᵢ, drawn at random, the loss of the pair is

    −log σ(u·v) − Σᵢ log σ(−nᵢ·v)

Pair by pair, this is six short dot products at a time: quick in Gensim's compiled loop, slow in
any array library. Arrays are fast on much at once. So a step takes **blocks** of neighbouring
tokens. All scores of a block with its surroundings are one matrix product, of which a mask keeps
the pairs within reach; and the pairs of a block **share** their drawn negatives, which together
weigh as much as k for each pair. The expected gradient is the same.

Source: Mikolov et al., *Distributed Representations of Words and Phrases and their
Compositionality*, https://arxiv.org/abs/1310.4546, equation 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import logsigmoid


def loss_by_definition(
    centre_vectors: Float[Tensor, "pair dim"],
    context_vectors: Float[Tensor, "pair dim"],
    negative_vectors: Float[Tensor, "pair drawn dim"],
    negatives: int | None = None,
) -> Float[Tensor, ""]:
    """Return the loss summed over pairs, as the paper's equation 4 writes it.

    The drawn negatives of a pair together weigh as much as ``negatives``; by default each weighs 1.

    >>> v, u, n = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]]), torch.zeros(1, 5, 2)
    >>> round(float(loss_by_definition(v, u, n)), 4)  # six times log 2: nothing is known yet
    4.1589
    """
    drawn = negative_vectors.shape[1]
    weight = (negatives or drawn) / drawn
    together = (centre_vectors * context_vectors).sum(-1)
    by_chance = (centre_vectors[:, None] * negative_vectors).sum(-1)
    return -logsigmoid(together).sum() - weight * logsigmoid(-by_chance).sum()


@dataclass(frozen=True, eq=False)
class Blocks:
    """Some blocks of tokens: their words, the words around them, and the negatives they share.

    ``near`` is 1 where a place of the surroundings is a context of the centre, else 0.
    """

    centres: Int[Tensor, "block centre"]
    contexts: Int[Tensor, "block context"]
    drawn: Int[Tensor, "block drawn"]
    near: Float[Tensor, "block centre context"]

    @property
    def pairs(self) -> Float[Tensor, "block centre 1"]:
        """How many pairs each centre has."""
        return self.near.sum(-1, keepdim=True)


def block_loss(
    centre_matrix: Float[Tensor, "word dim"],
    context_matrix: Float[Tensor, "word dim"],
    blocks: Blocks,
    negatives: int,
) -> Float[Tensor, ""]:
    """Return the loss summed over the blocks' pairs: that of the definition, by matrix products."""
    v, u, n = _vectors(centre_matrix, context_matrix, blocks)
    weights = blocks.pairs * (negatives / n.shape[1])
    together, by_chance = logsigmoid(v @ u.mT), logsigmoid(-(v @ n.mT))
    return -(blocks.near * together).sum() - (weights * by_chance).sum()


@torch.no_grad()
def descend(
    centre_matrix: Float[Tensor, "word dim"],
    context_matrix: Float[Tensor, "word dim"],
    blocks: Blocks,
    negatives: int,
    learning_rate: float,
    most: float = float("inf"),
) -> None:
    """Take one step down the loss of the blocks' pairs, in place; the gradient is written by hand.

    The derivative of −log σ(s) is σ(s) − 1, that of −log σ(−s) is σ(s). A word that stands in many
    pairs would move by the sum of many gradients, all taken at one place, and jump too far: one
    that stands in more than ``most`` (as a context or as a negative) moves as if in ``most``.
    """
    v, u, n = _vectors(centre_matrix, context_matrix, blocks)
    weights = blocks.pairs * (negatives / n.shape[1])
    together = (v @ u.mT).sigmoid_().sub_(1).mul_(blocks.near)
    by_chance = (v @ n.mT).sigmoid_().mul_(weights)
    centres = torch.baddbmm(together @ u, by_chance, n)
    contexts = torch.cat([together.mT @ v, by_chance.mT @ v], dim=1)
    ids = torch.cat([blocks.contexts, blocks.drawn], dim=1)
    shares = weights.sum(1).expand(-1, n.shape[1])
    counts = torch.cat([blocks.near.sum(1), shares], dim=1)
    own = blocks.pairs[..., 0] * (1 + negatives)
    _move(centre_matrix, blocks.centres, centres, own, learning_rate, most)
    _move(context_matrix, ids, contexts, counts, learning_rate, most)


def _vectors(
    centre_matrix: Tensor, context_matrix: Tensor, blocks: Blocks
) -> tuple[Tensor, Tensor, Tensor]:
    return (
        _rows(centre_matrix, blocks.centres),
        _rows(context_matrix, blocks.contexts),
        _rows(context_matrix, blocks.drawn),
    )


def _rows(matrix: Tensor, ids: Tensor) -> Tensor:
    # index_select is four times as fast as matrix[ids] on a CPU.
    return matrix.index_select(0, ids.flatten()).view(*ids.shape, -1)


def _move(
    matrix: Tensor, ids: Tensor, gradients: Tensor, counts: Tensor, rate: float, most: float
) -> None:
    rows, steps = ids.flatten(), gradients.flatten(0, 1)
    if most != float("inf"):
        total = matrix.new_zeros(len(matrix)).index_add_(0, rows, counts.flatten())
        steps *= most / total.clamp_(min=most).index_select(0, rows)[:, None]
    matrix.index_add_(0, rows, steps, alpha=-rate)
