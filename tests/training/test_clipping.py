import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course_lib.errors import InputError
from course_lib.training.clipping import clip_global_norm, global_norm


def _with_gradients(seed, scale):
    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 5), nn.Linear(5, 2))
    for parameter in model.parameters():
        parameter.grad = scale * torch.randn(parameter.shape, generator=generator)
    return model


@given(st.integers(0, 99), st.sampled_from([0.01, 1.0, 100.0]), st.floats(0.1, 10))
def test_it_clips_as_torch_does(seed, scale, most):
    ours, theirs = (_with_gradients(seed, scale) for _ in range(2))
    norm = clip_global_norm(ours.parameters(), most)
    expected = nn.utils.clip_grad_norm_(theirs.parameters(), most)
    torch.testing.assert_close(norm, expected)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-6)


def test_the_direction_stays_over_all_tensors_together():
    model = _with_gradients(1, 50.0)
    before = torch.cat([p.grad.flatten() for p in model.parameters()])
    clip_global_norm(model.parameters(), 1.0)
    after = torch.cat([p.grad.flatten() for p in model.parameters()])
    torch.testing.assert_close(after, before / before.norm())


@given(st.integers(0, 9), st.sampled_from([0.01, 1.0, 100.0]), st.sampled_from([0.03, 0.5]))
def test_sums_are_judged_as_the_means_that_they_become(seed, scale, times):
    sums, means = (_with_gradients(seed, scale) for _ in range(2))
    for parameter in means.parameters():
        parameter.grad *= times
    norm = clip_global_norm(sums.parameters(), 1.0, times=torch.tensor(times))
    torch.testing.assert_close(norm, clip_global_norm(means.parameters(), 1.0))
    for one, other in zip(sums.parameters(), means.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_small_gradients_are_left_alone():
    model = _with_gradients(2, 1e-3)
    before = [p.grad.clone() for p in model.parameters()]
    clip_global_norm(model.parameters(), 1.0)
    assert all(torch.equal(p.grad, was) for p, was in zip(model.parameters(), before, strict=True))


def test_a_norm_that_is_not_finite_changes_nothing():
    weight = torch.zeros(2, requires_grad=True)
    weight.grad = torch.tensor([1.0, float("inf")])
    assert clip_global_norm([weight], 1.0).isinf()
    assert weight.grad.tolist() == [1.0, float("inf")]


def test_parameters_without_gradients_are_passed_over():
    assert clip_global_norm([torch.zeros(2, requires_grad=True)], 1.0) == 0.0
    assert global_norm([]) == 0.0


def test_half_precision_gradients_do_not_overflow_the_norm():
    assert global_norm([torch.full((1000,), 200.0, dtype=torch.float16)]) == pytest.approx(6324.555)


def test_a_bound_of_nothing_is_refused():
    with pytest.raises(InputError, match="more than 0"):
        clip_global_norm([], 0.0)
