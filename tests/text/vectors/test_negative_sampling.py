import math

import pytest
import torch

from course_lib.text.vectors.negative_sampling import (
    Blocks,
    block_loss,
    descend,
    loss_by_definition,
)

WORDS, DIMENSIONS, NEGATIVES = 12, 5, 3


@pytest.fixture
def random():
    return torch.Generator().manual_seed(7)


@pytest.fixture
def matrices(random):
    size = (2, WORDS, DIMENSIONS)
    return torch.randn(size, generator=random, dtype=torch.float64).unbind()


@pytest.fixture
def blocks(random):
    def draw(*size):
        return torch.randint(WORDS, size, generator=random)

    near = (torch.rand((2, 4, 8), generator=random) < 0.4).double()
    return Blocks(draw(2, 4), draw(2, 8), draw(2, 6), near)


def definition(centre_matrix, context_matrix, blocks):
    block, centre, context = blocks.near.nonzero().T
    return loss_by_definition(
        centre_matrix[blocks.centres[block, centre]],
        context_matrix[blocks.contexts[block, context]],
        context_matrix[blocks.drawn[block]],
        NEGATIVES,
    )


def gradients(loss, matrices, blocks):
    leaves = [matrix.clone().requires_grad_() for matrix in matrices]
    return torch.autograd.grad(loss(*leaves, blocks), leaves)


def test_the_loss_of_one_pair_by_hand():
    v, u = torch.tensor([[1.0, 0.0]]), torch.tensor([[2.0, 9.0]])
    n = torch.tensor([[[0.0, 1.0], [-1.0, 1.0]]])
    expected = math.log(1 + math.exp(-2)) + math.log(2) + math.log(1 + math.exp(-1))
    assert float(loss_by_definition(v, u, n)) == pytest.approx(expected)


def test_the_definition_agrees_with_pytorchs_cross_entropy(random):
    v, u = torch.randn((2, 4, 3), generator=random)
    n = torch.randn((4, 5, 3), generator=random)
    scores = torch.cat([u[:, None], n], dim=1) @ v[:, :, None]
    labels = torch.tensor([1.0, 0, 0, 0, 0, 0]).expand(4, 6)[..., None]
    expected = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="sum")
    torch.testing.assert_close(loss_by_definition(v, u, n), expected)


def test_matrix_products_give_the_loss_of_the_definition(matrices, blocks):
    fast = block_loss(*matrices, blocks, NEGATIVES)
    torch.testing.assert_close(fast, definition(*matrices, blocks))


def test_a_step_goes_down_the_gradient_of_the_definition(matrices, blocks):
    expected = gradients(definition, matrices, blocks)
    moved = [matrix.clone() for matrix in matrices]
    descend(*moved, blocks, NEGATIVES, learning_rate=0.5)
    for before, after, gradient in zip(matrices, moved, expected, strict=True):
        torch.testing.assert_close(after, before - 0.5 * gradient)


def test_a_word_in_too_many_pairs_moves_as_if_in_the_most_allowed(matrices, blocks):
    expected = gradients(definition, matrices, blocks)[0]
    pairs = torch.zeros(WORDS, dtype=torch.float64)
    pairs.index_add_(0, blocks.centres.flatten(), blocks.near.sum(-1).flatten() * (1 + NEGATIVES))
    moved = [matrix.clone() for matrix in matrices]
    descend(*moved, blocks, NEGATIVES, learning_rate=0.5, most=10.0)
    assert (pairs > 10).any()
    assert (pairs < 10).any()
    step = 0.5 * expected * (10 / pairs.clamp(min=10))[:, None]
    torch.testing.assert_close(moved[0], matrices[0] - step)


def test_blocks_without_pairs_move_nothing(matrices, blocks):
    empty = Blocks(blocks.centres, blocks.contexts, blocks.drawn, blocks.near * 0)
    moved = [matrix.clone() for matrix in matrices]
    descend(*moved, empty, NEGATIVES, learning_rate=0.5, most=2.0)
    assert all(torch.equal(after, before) for after, before in zip(moved, matrices, strict=True))
