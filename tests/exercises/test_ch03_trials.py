"""Chapter 03 against answers from outside: wrong ones named, right ones never refused."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch03_training import held_out_characters
from course_lib.exercises.ch03_training.held_out_characters import CONTEXT, VOCABULARY, held_out


def verdict(name, answer, seed=0):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case, by_hand=True), seed=seed)


def clip_in_place(gradients, most):
    norm = math.sqrt(sum(float((g**2).sum()) for g in gradients))
    for g in gradients:
        g *= min(1.0, most / norm) if norm else 1.0
    return gradients


def kept_by(key):
    def answer(training, validation):
        seen, kept = {key(text) for text in validation}, []
        for text in training:
            if key(text) not in seen:
                seen.add(key(text))
                kept.append(text)
        return kept

    return answer


def shift_through_a_view(windows, padding):
    inputs, targets = windows[:, :-1].clone(), windows[:, 1:]
    targets[targets == padding] = -100
    return inputs, targets


def log_of_softmax(logits, targets):
    kept = targets != -100
    logs = torch.log(torch.softmax(logits, -1))[kept]
    return -logs.gather(-1, targets[kept][:, None]).mean()


def doubles_replaced(text):
    return text.lower().replace("  ", " ").strip()


def above_zero(logits, targets):
    return functional.cross_entropy(logits[targets > 0], targets[targets > 0])


def rate_from_zero(step, steps, warm_up, peak, floor):
    if step < warm_up:
        return peak * step / warm_up
    begin = max(warm_up - 1, 0)
    wave = (1 + math.cos(math.pi * (step - begin) / (steps - 1 - begin))) / 2
    return peak * (floor + (1 - floor) * wave)


def rows_without_an_axis(ids, vocabulary, smoothing):
    counts = np.zeros((vocabulary, vocabulary))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    counts += smoothing
    return counts / counts.sum(axis=1)


def zeros_smoothed(ids, vocabulary, smoothing):
    counts = np.zeros((vocabulary, vocabulary))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    counts[counts == 0] = smoothing
    return counts / counts.sum(axis=1, keepdims=True)


def adam_in_place(w, g, m, v, step, rate):
    m *= 0.9
    m += 0.1 * g
    v *= 0.95
    v += 0.05 * g**2
    w -= rate * 0.1 * w + rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.95**step)) + 1e-8)
    return w, m, v


def positions_in_items(items, size, seed, position):
    epoch = position * size // items
    index = position - epoch * (items // size)
    order = np.random.default_rng([seed, epoch]).permutation(items)
    return order[index * size : (index + 1) * size].tolist()


@pytest.mark.parametrize(
    ("name", "answer", "named"),
    [
        ("clip_gradients", clip_in_place, "the given arrays scaled"),
        ("leak_free", kept_by(lambda t: "".join(t.lower().split())), "white space removed"),
        (
            "leak_free",
            kept_by(doubles_replaced),
            "double spaces once",
        ),
        ("leak_free", kept_by(lambda t: " ".join(t.casefold().split())), "casefold for lower"),
        ("shift_targets", shift_through_a_view, "a changed argument"),
        ("token_loss", log_of_softmax, "the log of a softmax"),
        ("token_loss", above_zero, "class 0 left out"),
        ("learning_rate", rate_from_zero, "a warm-up from 0"),
        ("bigram_table", rows_without_an_axis, "an axis lost"),
        ("bigram_table", zeros_smoothed, "only zeros smoothed"),
        ("adamw_step", adam_in_place, "in place"),
        ("batch_places", positions_in_items, "items counted for batches"),
    ],
)
def test_wrong_answers_from_outside_are_rejected_and_named(name, answer, named):
    found = verdict(name, answer)
    assert not found.passed
    assert found.named == named


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bigram_table", lambda *given: find("bigram_table").reference_object()(*given).tolist()),
        ("next_probabilities",
         lambda *given: find("next_probabilities").reference_object()(*given).tolist()),
    ],
)  # fmt: skip
def test_a_list_is_refused_where_the_next_cell_needs_more(name, answer):
    assert verdict(name, answer).named == "another type"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("clip_gradients", lambda g, most: torch.nn.utils.clip_grad_norm_(g, most)),
        ("adamw_step", lambda *given: torch.optim.AdamW([torch.zeros(1, requires_grad=True)])),
    ],
)
def test_calls_that_are_the_answer_are_refused(name, call):
    assert verdict(name, call).named == "not by hand"


@pytest.mark.parametrize(
    "name", [exercise.name for exercise in map(find, ("learning_rate", "leak_free"))]
)
def test_other_right_answers_pass_on_many_seeds(name):
    from course_lib.exercises.exercise import resolve

    for alternative in find(name).alternatives:
        assert all(verdict(name, resolve(alternative), seed).passed for seed in range(20))


def test_contexts_cannot_be_looked_up_in_the_public_text():
    """A learner who knows where the text comes from counts what follows each context there."""
    known = {}
    for number in range(3):
        public = held_out(number)
        for part in (public.training,):
            for row in np.lib.stride_tricks.sliding_window_view(part, CONTEXT + 1).tolist():
                known.setdefault(tuple(row[:-1]), np.zeros(VOCABULARY))[row[-1]] += 1

    def looks_up(tokens, vocabulary):
        even = np.full(vocabulary, 1 / vocabulary)

        def probabilities(contexts):
            rows = [known.get(tuple(row), even) for row in contexts.tolist()]
            return np.array([0.9 * row / row.sum() + 0.1 * even for row in rows])

        return probabilities

    found = dict(verdict("character_model", looks_up).aspects)
    assert not found["beats single characters"]
    assert not found["beats counted pairs"]


def test_neither_labels_nor_the_draw_enter_the_worker():
    for case in find("character_model").draw(7):
        assert set(case.settings) <= {"contexts"}
        assert case.keywords == {}
    assert held_out_characters.held_out(3, secret=True).training.max() < VOCABULARY
