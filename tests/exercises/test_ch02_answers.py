"""Answers to chapter 02 that nobody listed: other right ones pass, other wrong ones do not."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch02_transformers.texts_to_continue import to_continue


def verdict(name, answer, seed=7):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case), seed=seed)


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
    return (torch.arange(keys) <= torch.arange(keys - queries, keys)[:, None]).tolist()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("softmax", lambda scores: scores.softmax(-1).nan_to_num(0.0)),
        ("scaled_attention", sdpa),
        ("causal_mask", mask_by_comparison),
        ("split_heads", einsum_heads),
        ("layer_norm", lambda x, w, b, e: functional.layer_norm(x, x.shape[-1:], w, b, e)),
        ("gpt_stack", stack_by_keywords),
        ("causal_reading", float_mask),
        ("inputs_and_labels", lambda ids: [ids[:, :-1].tolist(), ids[:, 1:].numpy()]),
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


def test_a_quotation_goes_on_as_it_did_the_first_time():
    drawn = to_continue(3)
    assert len(drawn.texts) == len(drawn.following) == 200
    for text, following in zip(drawn.texts, drawn.following, strict=True):
        assert following in text[:140]


def test_the_challenge_is_not_passed_by_looking_three_words_back():
    from course_lib.exercises.ch02_transformers.continue_text import after_three_same_words

    found = verdict("continue_text", after_three_same_words)
    assert dict(found.aspects)["beats one word back"] is True
    assert dict(found.aspects)["beats three words back"] is False
