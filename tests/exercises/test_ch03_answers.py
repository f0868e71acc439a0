"""Chapter 03's references against the library and PyTorch, and orders that nobody listed."""

import io
import math
from itertools import permutations

import numpy as np
import pytest
import torch
from torch import nn

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.models import GPT, GPTConfig
from course_lib.training import (
    Batches,
    Schedule,
    clip_global_norm,
    next_token_loss,
    parameter_groups,
    perplexity,
)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def reference(name):
    return find(name).reference_object()


def verdict(name, answer):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case))


@pytest.mark.parametrize(("steps", "warm_up", "floor"), [(50, 7, 0.1), (20, 0, 0.0), (9, 1, 0.5)])
def test_the_learning_rate_is_the_schedules(steps, warm_up, floor):
    schedule = Schedule(peak=0.3, steps=steps, warm_up=warm_up, floor=floor)
    rates = [reference("learning_rate")(step, steps, warm_up, 0.3, floor) for step in range(steps)]
    assert rates == pytest.approx([schedule(step) for step in range(steps)])


def test_batches_come_in_the_librarys_order():
    batches = Batches(list(range(23)), size=4, seed=9)
    places = [reference("batch_places")(23, 4, 9, position) for position in range(17)]
    assert places == [batches.places(position) for position in range(17)]


def test_the_names_that_decay_are_those_of_the_librarys_groups():
    model = GPT(GPTConfig.gpt2(vocabulary=9, context=4, layers=1, heads=1, width=4))
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = [[names[id(p)] for p in group["params"]] for group in parameter_groups(model)]
    assert [list(part) for part in reference("decay_groups")(model)] == groups


def test_steps_of_adamw_are_those_of_torch(rng):
    w = rng.normal(size=(3, 2))
    theirs = torch.tensor(w, requires_grad=True)
    optimiser = torch.optim.AdamW([theirs], lr=0.02, betas=(0.9, 0.95), weight_decay=0.1)
    m = v = np.zeros_like(w)
    for step in range(1, 6):
        g = rng.normal(size=(3, 2))
        w, m, v = reference("adamw_step")(w, g, m, v, step, 0.02)
        theirs.grad = torch.tensor(g)
        optimiser.step()
    np.testing.assert_allclose(w, theirs.detach().numpy(), rtol=1e-9)


def test_clipped_gradients_are_the_librarys(rng):
    gradients = [rng.normal(size=(4, 3)), rng.normal(size=5)]
    parameters = [nn.Parameter(torch.zeros(gradient.shape)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient, dtype=torch.float32)
    clip_global_norm(parameters, 0.8)
    for ours, parameter in zip(
        reference("clip_gradients")(gradients, 0.8), parameters, strict=True
    ):
        np.testing.assert_allclose(ours, parameter.grad.numpy(), rtol=1e-5)


def test_loss_and_perplexity_are_the_librarys(rng):
    logits, targets = torch.tensor(rng.normal(size=(2, 3, 5))), torch.tensor([[1, 4, -100]] * 2)
    total, count = next_token_loss(logits.float(), targets)
    mean = reference("token_loss")(logits, targets).item()
    assert mean == pytest.approx((total / count).item(), rel=1e-5)
    assert reference("perplexity_of_batches")([mean], [4]) == pytest.approx(perplexity(mean))


def test_a_row_of_bigrams_is_what_a_trained_table_of_logits_comes_to(rng):
    ids = rng.integers(3, size=60)
    logits = torch.zeros(3, 3, requires_grad=True)
    optimiser = torch.optim.LBFGS([logits], max_iter=60, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(logits[ids[:-1]], torch.tensor(ids[1:]))
        loss.backward()
        return loss

    optimiser.step(closure)
    table = reference("bigram_table")(ids, 3, 0.0)
    np.testing.assert_allclose(logits.softmax(-1).detach().numpy(), table, atol=1e-3)


def test_of_all_orders_only_three_train_rightly():
    right = [
        "".join(order)
        for order in permutations("ABCDEFGH")
        if order[-1] == "H" and verdict("loop_order", lambda order=order: "".join(order)).passed
    ]
    # clearing may stand anywhere before backward, or after the step
    assert set(right) == {"GCFEBDAH", "GCEFBDAH", "GCEBDAFH"}


def test_a_loop_that_clears_after_the_step_passes_too():
    def cleared_last(model, optimiser, batches, held_out, most):
        model.train()
        total = count = 0
        for windows in batches:
            loss = nn.functional.cross_entropy(model(windows[:, :-1]).mT, windows[:, 1:])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), most)
            optimiser.step()
            optimiser.zero_grad(set_to_none=False)
            total, count = total + loss.item() * loss_count(windows), count + loss_count(windows)
        model.eval()
        with torch.no_grad():
            held = nn.functional.cross_entropy(model(held_out[:, :-1]).mT, held_out[:, 1:])
        model.train()
        return {"training": total / count, "held out": held.item()}

    def loss_count(windows):
        return windows[:, 1:].numel()

    assert verdict("train_epoch", cleared_last).passed


def test_counted_triples_pass_the_challenge():
    def triples(tokens, vocabulary):
        counts = np.full((vocabulary,) * 3, 0.05)
        np.add.at(counts, (tokens[:-2], tokens[1:-1], tokens[2:]), 1)
        counts /= counts.sum(axis=-1, keepdims=True)
        return lambda contexts: counts[contexts[:, -2], contexts[:, -1]]

    assert verdict("character_model", triples).passed


def test_mining_stays_within_the_budget(rng):
    counts = rng.integers(1, 30, size=40).tolist()
    inside, outside = rng.uniform(1, 90, size=(2, 40)).tolist()
    for budget in (0, 17, 200, sum(counts)):
        chosen = reference("mined_documents")(inside, outside, counts, budget)
        assert sum(counts[place] for place in chosen) <= budget
        assert len(set(chosen)) == len(chosen)


def test_bits_per_byte_of_an_even_choice_among_bytes_is_eight():
    text = "训练 and loss"
    tokens = len(text.encode())
    assert reference("bits_per_byte")(math.log(256), tokens, text) == pytest.approx(8)


def test_a_snapshot_that_went_through_a_file_passes():
    def through_a_file(model, optimiser, generator, step):
        file = io.BytesIO()
        kept = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**kept, "generator": generator.get_state(), "step": step}, file)
        file.seek(0)
        return torch.load(file, weights_only=True)

    assert verdict("snapshot", through_a_file).passed


def test_a_snapshot_of_the_first_step_alone_is_rejected():
    def as_at_first(model, optimiser, generator, step):
        return {"model": {}, "step": step}

    assert not verdict("snapshot", as_at_first).passed


def test_a_run_taken_up_from_a_snapshot_is_the_same_run():
    def run(model, optimiser, generator, steps):
        for _ in range(steps):
            inputs = torch.randn(4, 3, generator=generator)
            optimiser.zero_grad()
            model(inputs).square().mean().backward()
            optimiser.step()

    def begun():
        model = nn.Linear(3, 1)
        nn.init.ones_(model.weight)
        nn.init.zeros_(model.bias)
        return model, torch.optim.AdamW(model.parameters()), torch.Generator().manual_seed(5)

    whole, cut = begun(), begun()
    run(*whole, 3)
    kept = reference("snapshot")(*whole, 3)
    run(*whole, 4)
    cut[0].load_state_dict(kept["model"])
    cut[1].load_state_dict(kept["optimiser"])
    cut[2].set_state(kept["generator"])
    run(*cut, 4)
    assert torch.equal(whole[0].weight, cut[0].weight)
