import pytest
import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.training.optimiser import adamw, adamw_by_definition, parameter_groups


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.norm = nn.LayerNorm(4)
        self.head = nn.Linear(4, 7, bias=True)
        self.head.weight = self.embedding.weight


def test_matrices_decay_and_biases_and_norms_do_not():
    decaying, others = parameter_groups(Tied(), 0.3)
    assert (decaying["weight_decay"], others["weight_decay"]) == (0.3, 0.0)
    assert [p.ndim for p in decaying["params"]] == [2]
    assert [p.ndim for p in others["params"]] == [1, 1, 1]


def test_a_tied_weight_is_stepped_once():
    model = Tied()
    groups = parameter_groups(model)
    assert sum(p is model.embedding.weight for group in groups for p in group["params"]) == 1


def test_frozen_weights_are_left_out_and_a_frozen_model_is_refused():
    model = nn.Linear(2, 2)
    model.weight.requires_grad_(False)
    assert [p.ndim for group in parameter_groups(model) for p in group["params"]] == [1]
    with pytest.raises(InputError, match="expected a parameter that learns"):
        adamw(model.requires_grad_(False), 0.1)


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_it_steps_as_the_paper_writes(decay):
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(3, 4, generator=generator)
    gradients = [torch.randn(3, 4, generator=generator) for _ in range(20)]
    model = nn.Linear(4, 3, bias=False)
    model.weight.data.copy_(start)
    optimiser = adamw(model, 0.05, weight_decay=decay)
    for gradient in gradients:
        model.weight.grad = gradient.clone()
        optimiser.step()
    expected = adamw_by_definition(start, gradients, 0.05, weight_decay=decay)
    torch.testing.assert_close(model.weight.data, expected, rtol=1e-5, atol=1e-6)
