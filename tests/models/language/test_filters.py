import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.models.language.filters import (
    keep_min_p,
    keep_top_k,
    keep_top_p,
    penalise_repetition,
)
from course_lib.models.language.sampling import Sampling, choose, filtered

LOGITS = st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=12).map(torch.tensor)
SHARE = st.floats(0.05, 1.0)


def kept(logits):
    return (logits > -math.inf).nonzero().flatten().tolist()


def test_top_k_by_hand():
    assert kept(keep_top_k(torch.tensor([1.0, 4.0, 2.0, 3.0]), 2)) == [1, 3]
    assert kept(keep_top_k(torch.tensor([1.0, 4.0]), 9)) == [0, 1]


def test_top_p_keeps_the_token_that_crosses_the_mass():
    probabilities = torch.tensor([0.1, 0.4, 0.3, 0.2]).log()
    assert kept(keep_top_p(probabilities, 0.35)) == [1]
    assert kept(keep_top_p(probabilities, 0.5)) == [1, 2]
    assert kept(keep_top_p(probabilities, 0.85)) == [1, 2, 3]
    assert kept(keep_top_p(probabilities, 1.0)) == [0, 1, 2, 3]


def test_min_p_keeps_a_share_of_the_best():
    assert kept(keep_min_p(torch.tensor([0.5, 0.26, 0.24]).log(), 0.5)) == [0, 1]


def test_a_penalty_makes_both_signs_less_likely():
    logits = torch.tensor([3.0, -3.0, 3.0])
    repeated = torch.tensor([True, True, False])
    assert penalise_repetition(logits, repeated, 1.5).tolist() == [2.0, -4.5, 3.0]


@given(LOGITS, st.integers(1, 14), SHARE)
def test_the_most_likely_token_always_stays_and_what_stays_keeps_its_logit(logits, k, p):
    for after in (keep_top_k(logits, k), keep_top_p(logits, p), keep_min_p(logits, p)):
        assert after[logits.argmax()] == logits.max()
        assert torch.equal(after[after > -math.inf], logits[after > -math.inf])


@given(LOGITS, SHARE)
def test_top_p_keeps_the_mass_and_no_token_too_many(logits, p):
    mass = logits.softmax(-1)[keep_top_p(logits, p) > -math.inf]
    assert mass.sum() >= p - 1e-5
    assert mass.sum() - mass.min() < p + 1e-5


@pytest.mark.parametrize("seed", range(5))
def test_filters_agree_with_transformers(seed):
    from transformers.generation import logits_process as theirs

    logits = 3 * torch.randn(4, 50, generator=torch.Generator().manual_seed(seed))
    ids = torch.randint(50, (4, 9), generator=torch.Generator().manual_seed(seed))
    repeated = torch.zeros(4, 50, dtype=torch.bool).scatter(1, ids, True)
    pairs = [
        (keep_top_k(logits, 7), theirs.TopKLogitsWarper(7)),
        (keep_top_p(logits, 0.8), theirs.TopPLogitsWarper(0.8)),
        (keep_min_p(logits, 0.1), theirs.MinPLogitsWarper(0.1)),
        (
            penalise_repetition(logits, repeated, 1.3),
            theirs.RepetitionPenaltyLogitsProcessor(1.3),
        ),
        (
            filtered(logits, Sampling(temperature=0.7)),
            theirs.TemperatureLogitsWarper(0.7),
        ),
    ]
    for ours, process in pairs:
        torch.testing.assert_close(ours, process(ids, logits.clone()))


def test_all_filters_together_follow_transformers_order():
    from transformers.generation import logits_process as theirs

    logits = 3 * torch.randn(4, 50, generator=torch.Generator().manual_seed(9))
    ids = torch.randint(50, (4, 9), generator=torch.Generator().manual_seed(9))
    repeated = torch.zeros(4, 50, dtype=torch.bool).scatter(1, ids, True)
    expected = logits.clone()
    for process in (
        theirs.RepetitionPenaltyLogitsProcessor(1.3),
        theirs.TemperatureLogitsWarper(1.7),
        theirs.TopKLogitsWarper(20),
        theirs.TopPLogitsWarper(0.9),
        theirs.MinPLogitsWarper(0.02),
    ):
        expected = process(ids, expected)
    sampling = Sampling(temperature=1.7, top_k=20, top_p=0.9, min_p=0.02, repetition_penalty=1.3)
    torch.testing.assert_close(filtered(logits, sampling, repeated), expected)


def test_a_drawn_token_is_one_that_the_filters_left():
    logits = torch.zeros(500, 9)
    logits[:, [2, 5]] = 1.0
    drawn = choose(logits, Sampling(temperature=1.0, top_k=2), generator=torch.Generator())
    assert set(drawn.tolist()) == {2, 5}


@pytest.mark.parametrize(
    "call",
    [
        lambda: keep_top_k(torch.zeros(3), 0),
        lambda: keep_top_p(torch.zeros(3), 0.0),
        lambda: keep_min_p(torch.zeros(3), 1.5),
        lambda: penalise_repetition(torch.zeros(3), torch.ones(3, dtype=torch.bool), 0.0),
        lambda: Sampling(temperature=-1.0),
    ],
)
def test_settings_without_sense_are_refused(call):
    with pytest.raises(InputError):
        call()


def test_a_mass_of_one_keeps_all_though_sums_are_rounded():
    logits = 3 * torch.randn(6, 1000, generator=torch.Generator().manual_seed(0))
    assert torch.equal(keep_top_p(logits, 1.0), logits)


def test_a_tail_is_cut_at_the_same_place_in_16_bits():
    logits = torch.randn(1, 50_000, generator=torch.Generator().manual_seed(0)).bfloat16()
    assert kept(keep_top_p(logits, 0.9)) == kept(keep_top_p(logits.float(), 0.9))


def test_the_coldest_temperature_is_greedy_and_no_overflow():
    logits = 30 * torch.randn(4, 9, generator=torch.Generator().manual_seed(0))
    for temperature in (0.0, 1e-40, 1e-6):
        chosen = choose(logits, Sampling(temperature=temperature))
        assert torch.equal(chosen, logits.argmax(-1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"temperature": math.nan}, "temperature: expected a finite number"),
        ({"temperature": -1.0}, "temperature: expected 0 or more"),
        ({"top_k": 0}, "top_k: expected at least 1"),
        ({"top_p": 1.5}, "top_p: expected above 0, at most 1"),
        ({"min_p": 0.0}, "min_p: expected more than 0"),
        ({"repetition_penalty": math.nan}, "repetition_penalty: expected a finite number"),
    ],
)
def test_settings_are_refused_before_anything_is_drawn(wrong, words):
    with pytest.raises(InputError, match=words):
        Sampling(**wrong)
