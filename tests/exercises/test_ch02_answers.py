"""Answers to chapter 02 that nobody listed: other right ones pass, other wrong ones do not."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch02_transformers.texts_to_continue import to_continue


def verdict(name, answer, seed=7):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case, by_hand=True), seed=seed)


def stack_by_keywords(width, heads, hidden, layers):
    layer = nn.TransformerEncoderLayer(
        d_model=width, nhead=heads, dim_feedforward=hidden, batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, num_layers=layers, enable_nested_tensor=False)


def sdpa(q, k, v, mask=None):
    mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return mixed.nan_to_num(0.0)


def float_mask(stack, x):
    mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
    return stack(x, mask=mask, is_causal=True)


def einsum_heads(x, heads):
    batch, time, width = x.shape
    return torch.stack(x.reshape(batch, time, heads, width // heads).unbind(2), dim=1)


def transposed_loss(logits, labels):
    return functional.cross_entropy(logits.transpose(1, 2), labels)


def one_token_after_the_other(q, k, v, old_k, old_v):
    mixed = []
    for place in range(q.shape[-2]):
        old_k = torch.cat([old_k, k[..., place : place + 1, :]], dim=-2)
        old_v = torch.cat([old_v, v[..., place : place + 1, :]], dim=-2)
        mixed.append(sdpa(q[..., place : place + 1, :], old_k, old_v))
    return torch.cat(mixed, dim=-2), old_k, old_v


def prompt_and_cache_apart(q, k, v, old_k, old_v):
    """Average what the cache gives and what the new tokens give."""
    both = sdpa(q, old_k, old_v) + functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return both / 2, torch.cat([old_k, k], dim=-2), torch.cat([old_v, v], dim=-2)


def mask_by_comparison(queries, keys):
    return torch.arange(keys) <= torch.arange(keys - queries, keys)[:, None]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("causal_mask", mask_by_comparison),
        ("split_heads", einsum_heads),
        ("gpt_stack", stack_by_keywords),
        ("causal_reading", float_mask),
        ("inputs_and_labels", lambda ids: [ids[:, :-1].clone(), ids[:, 1:]]),
        ("loss_per_token", transposed_loss),
        ("cached_attention", one_token_after_the_other),
    ],
)
def test_other_ways_to_the_same_values_pass(name, answer):
    assert verdict(name, answer).passed


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("softmax", lambda scores: scores.sigmoid()),
        ("softmax", lambda scores: scores.log_softmax(-1)),
        ("scaled_attention", lambda q, k, v, mask=None: v.mean(-2, keepdim=True)),
        ("causal_mask", lambda queries, keys: torch.ones(queries, keys, dtype=torch.bool)),
        ("padding_mask", lambda lengths, time: torch.ones(len(lengths), 1, 1, time)),
        ("split_heads", lambda x, heads: x.unsqueeze(1).expand(-1, heads, -1, -1)),
        ("multi_head", lambda x, w_qkv, w_out, heads: x),
        ("rotate_halves", lambda x, positions, base: x),
        ("alibi_bias", lambda heads, time: torch.zeros(heads, time, time)),
        ("gpt2_parameters", lambda v, c, n, w: 124_439_808),
        ("keep_top_p", lambda logits, p: logits),
        ("cached_positions", lambda seen, new: torch.zeros(len(seen), new)),
        ("cached_attention", prompt_and_cache_apart),
        ("cached_attention", lambda q, k, v, old_k, old_v: (sdpa(q, k, v), k, v)),
        ("block_order", lambda: ["A", "B", "C", "D", "E", "F", "G"]),
    ],
)
def test_wrong_answers_that_nobody_listed_are_rejected(name, answer):
    assert not verdict(name, answer).passed


def test_a_vectorised_answer_may_not_loop_by_comprehension():
    def by_rows(heads, time):
        rows = []
        for head in range(heads):
            for i in range(time):
                row = [-(2.0 ** (-8 * (head + 1) / heads)) * (i - j) for j in range(i + 1)]
                rows.append(row + [float("-inf")] * (time - i - 1))
        return torch.tensor(rows).view(heads, time, time)

    found = verdict("alibi_bias", by_rows)
    assert dict(found.aspects)["on whole tensors"] is False
    assert dict(found.aspects)["the slopes of several heads"] is True


def top_p(less):
    def answer(logits, p):
        ordered, places = logits.sort(-1, descending=True)
        probabilities = ordered.softmax(-1)
        stays = less(probabilities.cumsum(-1) - probabilities, p)
        stays[..., 0] = True
        return logits.masked_fill(~torch.empty_like(stays).scatter_(-1, places, stays), -math.inf)

    return answer


def test_no_seed_refuses_a_right_top_p():
    answer = top_p(torch.lt)
    assert all(verdict("keep_top_p", answer, seed).passed for seed in range(60))


def unguarded_softmax(scores):
    scores = scores.masked_fill(scores == -math.inf, -1e9)
    weights = torch.exp(scores - scores.max(-1, keepdim=True).values)
    return weights / weights.sum(-1, keepdim=True)


def norm_by_std(x, weight, bias, epsilon):
    return weight * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + epsilon) + bias


def by_index(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores[..., ~mask] = -math.inf
    return scores.softmax(-1).nan_to_num(0.0) @ v


def without_grad(stack, x):
    with torch.no_grad():
        return float_mask(stack, x)


def slopes_by_comprehension(heads, time):
    slopes = torch.tensor([2.0 ** (-8 * (head + 1) / heads) for head in range(heads)])
    distance = torch.arange(time)[:, None] - torch.arange(time)
    return (-slopes[:, None, None] * distance).masked_fill(distance < 0, -math.inf)


@pytest.mark.parametrize(
    ("name", "answer", "belief"),
    [
        ("softmax", unguarded_softmax, "−10⁹ is as good as −∞"),
        ("softmax", lambda s: s.exp() / s.exp().sum(-1), None),
        ("layer_norm", norm_by_std, "std + ε"),
        ("scaled_attention", by_index, "the mask as an index"),
        ("causal_mask", lambda q, k: torch.ones(q, k).tril(k - q), "numbers, not booleans"),
        ("causal_mask", lambda q, k: mask_by_comparison(q, k).numpy(), "another type"),
        ("causal_mask", lambda q, k: mask_by_comparison(q, k).tolist(), "another type"),
        ("causal_reading", without_grad, "no gradients"),
        ("loss_per_token", lambda x, y: transposed_loss(x, y).item(),
         "a number without a gradient"),
        ("keep_top_p", top_p(torch.le), "one token too many"),
        ("alibi_bias", slopes_by_comprehension, "loops"),
        ("cached_positions", lambda seen, new: seen[:, -new:].cumsum(1) - 1,
         "the cache not counted"),
        ("block_order", lambda: "DFBAG", "text, not a list"),
        ("block_order", lambda: list("dfbag"), "lower case"),
    ],
)  # fmt: skip
def test_a_belief_is_named_whatever_its_wording(name, answer, belief):
    found = verdict(name, answer)
    assert not found.passed
    assert belief is None or found.named == belief


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("softmax", lambda scores: scores.softmax(-1).nan_to_num(0.0)),
        ("scaled_attention", sdpa),
        ("layer_norm", lambda x, w, b, e: functional.layer_norm(x, x.shape[-1:], w, b, e)),
    ],
)
def test_what_is_asked_for_is_not_called(name, answer):
    found = verdict(name, answer)
    assert found.points == 0
    assert found.named == "not by hand"


def test_multi_head_in_numpy_is_of_no_use_below():
    from course_lib.exercises.ch02_transformers.references import multi_head

    found = verdict("multi_head", lambda *arguments: multi_head(*arguments).numpy())
    assert found.named == "another type"


def test_a_quotation_goes_on_as_it_did_the_first_time():
    drawn = to_continue(3)
    assert len(drawn.texts) == len(drawn.following) == 200
    for text, following in zip(drawn.texts, drawn.following, strict=True):
        assert following in text[:190]


def test_neither_labels_nor_the_draw_enter_the_worker():
    for case in find("continue_text").draw(0):
        assert not case.keywords
        assert not case.settings
        assert not case.truth or {"following", "bar", "limit"} == set(case.truth)


def test_looking_words_up_in_the_public_articles_finds_nothing():
    from course_lib.exercises.ch02_transformers.texts_to_continue import _articles

    followers = {}
    for words in _articles():
        for place in range(len(words) - 2):
            followers[words[place], words[place + 1]] = words[place + 2]
    found = verdict("continue_text", lambda text: followers.get(tuple(text[-2:]), 0))
    assert not any(right for aspect, right in found.aspects if aspect != "by hand")


def test_the_length_of_a_text_does_not_tell_the_word():
    found = verdict("continue_text", lambda text: text[max(0, len(text) - 140)])
    assert not dict(found.aspects)["beats one word back"]


def test_the_challenge_is_not_passed_by_looking_three_words_back():
    from course_lib.exercises.ch02_transformers.continue_text import after_three_same_words

    found = verdict("continue_text", after_three_same_words)
    assert dict(found.aspects)["beats one word back"] is True
    assert dict(found.aspects)["beats three words back"] is False
