import itertools
import math

import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import GPTConfig, GPTDecoder, beam_search
from tests.models.conftest import lively

STOP = 0


@pytest.fixture(params=range(2))
def small(request):
    config = GPTConfig.gpt2(vocabulary=4, context=8, layers=1, heads=2, width=8)
    return lively(config, torch.Generator().manual_seed(request.param))


def every_text(model, prompt, new_tokens, length_penalty):
    """All texts of up to ``new_tokens``, those that stop and those that were cut, scored."""
    found = []
    for length in range(1, new_tokens + 1):
        for tokens in itertools.product(range(4), repeat=length):
            stops = tokens[-1] == STOP
            if STOP in tokens[:-1] or (length < new_tokens and not stops):
                continue
            text = torch.tensor([[*prompt, *tokens]])
            chances = model(text[:, :-1]).log_softmax(-1)[0, len(prompt) - 1 :]
            score = chances[range(length), list(tokens)].sum().item() / length**length_penalty
            found.append((score, list(tokens[:-1] if stops else tokens)))
    return sorted(found, reverse=True)


@pytest.mark.parametrize("length_penalty", [0.0, 0.7])
def test_a_beam_wide_enough_finds_the_best_of_all_texts(small, length_penalty):
    found = beam_search(
        GPTDecoder(small), [1, 2],
        new_tokens=3, beams=40, length_penalty=length_penalty, stop=[STOP],
    )  # fmt: skip
    expected = every_text(small, [1, 2], 3, length_penalty)
    assert found[0].tokens == expected[0][1]
    assert [one.score for one in found] == pytest.approx(
        [score for score, _ in expected][:40], abs=1e-4
    )


def test_one_beam_is_greedy(model):
    found = beam_search(GPTDecoder(model), [1, 2], new_tokens=6, beams=1)
    assert found[0].tokens == model.generate([[1, 2]], new_tokens=6)[0]


def test_scores_are_those_of_the_texts_and_fall(model):
    found = beam_search(GPTDecoder(model), [1, 2], new_tokens=5, beams=4)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        text = torch.tensor([[1, 2, *one.tokens]])
        chances = model(text[:, :-1]).log_softmax(-1)[0, 1:]
        assert one.score == pytest.approx(chances[range(5), one.tokens].mean().item(), abs=1e-4)


def test_no_text_holds_the_stop_token_and_none_comes_twice(model):
    found = beam_search(GPTDecoder(model), [1], new_tokens=6, beams=5, stop=[3, 4, 5])
    texts = [tuple(one.tokens) for one in found]
    assert len(set(texts)) == len(texts) == 5
    assert not {3, 4, 5} & set(itertools.chain(*texts))


def test_beams_agree_with_transformers(tmp_path):
    transformers = pytest.importorskip("transformers")
    config = GPTConfig.gpt2(vocabulary=31, context=32, layers=2, heads=2, width=16)
    model = lively(config, torch.Generator().manual_seed(5))
    theirs = transformers.GPT2LMHeadModel.from_pretrained(model.save_pretrained(tmp_path))
    settings = transformers.GenerationConfig(
        num_beams=3, num_return_sequences=3, max_new_tokens=8, do_sample=False,
        length_penalty=1.0, early_stopping="never", eos_token_id=7, pad_token_id=7,
        bos_token_id=None,
    )  # fmt: skip
    expected = theirs.generate(
        torch.tensor([[1, 2, 3]]), attention_mask=torch.ones(1, 3), generation_config=settings
    )
    found = beam_search(GPTDecoder(model), [1, 2, 3], new_tokens=8, beams=3, stop=[7])
    texts = [list(itertools.takewhile(lambda t: t != 7, row)) for row in expected[:, 3:].tolist()]
    assert [one.tokens for one in found] == texts


def test_fewer_than_one_beam_is_refused(model):
    with pytest.raises(InputError, match="at least 1, got 0"):
        beam_search(GPTDecoder(model), [1], new_tokens=1, beams=0)


def test_all_scores_are_finite(small):
    found = beam_search(GPTDecoder(small), [1], new_tokens=2, beams=9, stop=[STOP])
    assert all(math.isfinite(one.score) for one in found)


def test_a_search_in_which_every_token_stops_ends_after_one(small):
    found = beam_search(GPTDecoder(small), [1], new_tokens=3, beams=2, stop=range(4))
    assert [one.tokens for one in found] == [[], []]


@pytest.mark.parametrize("length_penalty", [-1.0, 0.0, 2.0])
def test_a_length_penalty_is_that_of_transformers(tmp_path, length_penalty):
    transformers = pytest.importorskip("transformers")
    config = GPTConfig.llama(vocabulary=31, context=32, layers=2, heads=2, width=16)
    model = lively(config, torch.Generator().manual_seed(3))
    theirs = transformers.LlamaForCausalLM.from_pretrained(model.save_pretrained(tmp_path))
    settings = transformers.GenerationConfig(
        num_beams=3, num_return_sequences=3, max_new_tokens=8, length_penalty=length_penalty,
        early_stopping="never", eos_token_id=[7, 9], pad_token_id=7, bos_token_id=None,
        output_scores=True, return_dict_in_generate=True,
    )  # fmt: skip
    expected = theirs.generate(
        torch.tensor([[1, 2, 3]]), attention_mask=torch.ones(1, 3), generation_config=settings
    )
    found = beam_search(GPTDecoder(model), [1, 2, 3], new_tokens=8, beams=3,
                        length_penalty=length_penalty, stop=[7, 9])  # fmt: skip
    scores = expected.sequences_scores.tolist()
    assert [one.score for one in found] == pytest.approx(scores, rel=1e-4)
