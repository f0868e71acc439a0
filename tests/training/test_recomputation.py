import copy

import pytest
import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.models import GPT, GPTConfig
from course_lib.training.recomputation import recompute_blocks

SHAPE = GPTConfig.llama(vocabulary=11, context=8, layers=3, heads=2, width=16, dropout=0.2)


def _gradients(model, seed=3):
    torch.manual_seed(seed)
    model(torch.arange(8)[None]).square().sum().backward()
    return [parameter.grad for parameter in model.parameters()]


def test_gradients_are_the_same_dropout_included():
    plain = GPT(SHAPE, torch.Generator().manual_seed(0))
    thrifty = copy.deepcopy(plain)
    assert recompute_blocks(thrifty) == 3
    for one, other in zip(_gradients(plain), _gradients(thrifty), strict=True):
        torch.testing.assert_close(one, other)


def test_less_is_kept_for_the_backward_pass():
    def kept(model):
        sizes = {}
        with torch.autograd.graph.saved_tensors_hooks(
            lambda tensor: sizes.setdefault(tensor.data_ptr(), tensor.nbytes) and tensor,
            lambda tensor: tensor,
        ):
            model(torch.arange(8)[None])
        return sum(sizes.values())

    plain = GPT(SHAPE)
    before = kept(plain)
    recompute_blocks(plain)
    assert kept(plain) < 0.6 * before


def test_generation_is_as_before():
    model = GPT(SHAPE, torch.Generator().manual_seed(0)).eval()
    before = model.generate([[1, 2]], new_tokens=4)
    recompute_blocks(model)
    assert model.generate([[1, 2]], new_tokens=4) == before


def test_a_model_without_blocks_is_refused():
    with pytest.raises(InputError, match="blocks in a ModuleList"):
        recompute_blocks(nn.Linear(2, 2))


def test_a_copy_recomputes_its_own_blocks():
    model = GPT(SHAPE, torch.Generator().manual_seed(0)).eval()
    recompute_blocks(model)
    trial, ids = copy.deepcopy(model), torch.arange(8)[None]
    before = trial(ids)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert torch.equal(trial(ids), before)
    trial.train()(ids).sum().backward()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_asked_twice_each_block_is_computed_twice_not_three_times():
    calls = 0

    class Counting(nn.Linear):
        def forward(self, x):
            nonlocal calls
            calls += 1
            return super().forward(x)

    blocks = nn.ModuleList([Counting(2, 2)])
    for _ in range(2):
        recompute_blocks(blocks)
    blocks[0](torch.ones(1, 2, requires_grad=True)).sum().backward()
    assert calls == 2
