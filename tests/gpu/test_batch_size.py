import gc
import weakref
from unittest.mock import patch

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.gpu import batch_size
from course_lib.gpu.batch_size import largest_batch


def room_for(most, tried=None):
    def trial(size):
        if tried is not None:
            tried.append(size)
        if size > most:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    return trial


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000))
def test_it_finds_the_true_size_and_never_tries_beyond_the_limit(most, limit):
    tried = []
    with patch.object(batch_size, "free_memory"):  # collecting garbage is not what is tried here
        found = largest_batch(room_for(most, tried), device="cpu", limit=limit)
    assert found == min(most, limit)
    assert max(tried) <= limit
    assert len(tried) <= 2 * limit.bit_length() + 1


def test_it_doubles_and_then_halves_the_gap():
    tried = []
    largest_batch(room_for(5, tried), device="cpu")
    assert tried == [1, 2, 4, 8, 6, 5]


def test_a_single_example_that_does_not_fit_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="take a smaller model"):
        largest_batch(room_for(0), device="cpu")


def test_a_limit_below_one_is_refused():
    with pytest.raises(InputError, match="the limit"):
        largest_batch(room_for(9), device="cpu", limit=0)


def test_no_trial_begins_after_the_time_is_up():
    tried = []
    assert largest_batch(room_for(9, tried), device="cpu", seconds=0) == 1
    assert tried == [1]


def test_an_error_that_is_not_about_memory_is_passed_on():
    def trial(size):
        raise RuntimeError("the shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        largest_batch(trial, device="cpu")


def test_what_a_failed_trial_held_is_free_before_the_next():
    alive, seen = [], []

    class Block:
        pass

    def trial(size):
        gc.disable()
        seen.append([block() is not None for block in alive])
        held = Block()
        held.itself = held  # a cycle, as autograd graphs may hold
        alive.append(weakref.ref(held))
        if size > 3:
            raise MemoryError

    try:
        assert largest_batch(trial, device="cpu") == 3
    finally:
        gc.enable()
    assert not any(any(row) for row in seen)


def test_the_cache_is_emptied_after_every_trial(t4, monkeypatch):
    tried = []
    monkeypatch.setattr(torch, "set_rng_state", lambda state: None)
    assert largest_batch(room_for(3, tried), device="cuda") == 3
    assert t4.calls.count("empty_cache") == len(tried)
    assert t4.calls.count("set_rng_state") == len(tried)


@pytest.mark.parametrize(("fixed", "each", "most"), [(0, 100, 9), (300, 50, 12), (0, 0, 4096)])
def test_a_processor_is_not_driven_to_its_limit(monkeypatch, fixed, each, most):
    taken = {"now": 1000}

    def trial(size):
        taken["now"] = 1000 + fixed + each * size

    monkeypatch.setattr(batch_size, "resident_memory", lambda: 1000)
    monkeypatch.setattr(batch_size, "available_memory", lambda device: 1000)
    monkeypatch.setattr("course_lib.gpu.memory.resident_memory", lambda: taken["now"])
    # fixed + each · size must stay within nine tenths of the 1000 bytes that are left
    assert largest_batch(trial, device="cpu") == most


def test_model_optimizer_modes_and_random_numbers_are_as_before(device):
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Dropout(0.5)).to(device)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 3, device=device)).sum().backward()
    kept = [weight.detach().clone() for weight in model.parameters()]
    gradients = [weight.grad.clone() for weight in model.parameters()]
    numbers = torch.get_rng_state()

    def trial(size):
        model(torch.rand(size, 3, device=device)).square().sum().backward()
        optimizer.step()
        model.eval()
        if size > 2:
            raise torch.cuda.OutOfMemoryError

    assert largest_batch(trial, device=device, state=[model, optimizer]) == 2
    assert all(torch.equal(a, b) for a, b in zip(kept, model.parameters(), strict=True))
    found = [weight.grad for weight in model.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(gradients, found, strict=True))
    assert all(part.training for part in model.modules())
    assert not optimizer.state
    assert torch.equal(numbers, torch.get_rng_state())


def test_an_error_of_the_trial_leaves_the_model_as_before():
    model = torch.nn.Linear(1, 1)
    weight = model.weight.item()

    def trial(size):
        torch.nn.init.zeros_(model.weight)
        raise ValueError("a mistake in the trial")

    with pytest.raises(ValueError, match="mistake"):
        largest_batch(trial, device="cpu", state=[model])
    assert model.weight.item() == weight


@pytest.mark.gpu
def test_a_real_gpu_recovers_from_running_out(device):
    if device.type != "cuda":
        pytest.skip("other devices share the machine's memory")
    size = torch.cuda.mem_get_info()[0] // 10
    found = largest_batch(
        lambda n: torch.empty(n * size, dtype=torch.uint8, device=device), device=device
    )
    assert 8 <= found <= 10
    assert torch.cuda.memory_allocated() < size
