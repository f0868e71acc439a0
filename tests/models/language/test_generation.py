import itertools

import numpy as np
import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import GPTDecoder, ModelError, Sampling, beam_search, generate, stream
from tests.models.conftest import FAMILIES, lively

PROMPTS = [[1, 2, 3, 4], [5], [6, 7]]


@pytest.fixture
def gpt2(generator):
    return lively(FAMILIES["gpt2"], generator)


def greedy_by_definition(model, prompt, new_tokens):
    text = list(prompt)
    for _ in range(new_tokens):
        text.append(int(model(torch.tensor([text]))[0, -1].argmax()))
    return text[len(prompt) :]


def test_greedy_takes_the_most_likely_token_each_time(model):
    expected = [greedy_by_definition(model, prompt, 5) for prompt in PROMPTS]
    assert model.generate(PROMPTS, new_tokens=5) == expected


def test_a_text_ends_before_its_stop_token_and_the_others_go_on(model):
    whole = model.generate(PROMPTS, new_tokens=8)
    stop = [whole[0][3]]
    expected = [list(itertools.takewhile(lambda token: token not in stop, row)) for row in whole]
    assert model.generate(PROMPTS, new_tokens=8, stop=stop) == expected


def test_streaming_gives_the_same_token_by_token(model):
    whole = model.generate(PROMPTS, new_tokens=5)
    steps = list(stream(GPTDecoder(model), PROMPTS, new_tokens=5))
    assert [list(row) for row in zip(*steps, strict=True)] == whole


def test_streaming_asks_for_no_more_than_is_taken(gpt2):
    class Counting(GPTDecoder):
        steps = 0

        def step(self, ids):
            self.steps += 1
            return super().step(ids)

    decoder = Counting(gpt2)
    tokens = stream(decoder, PROMPTS, new_tokens=9)
    next(tokens)
    assert decoder.steps == 0
    next(tokens)
    assert decoder.steps == 1
    assert not torch.is_inference_mode_enabled()


def test_the_same_generator_draws_the_same_text(gpt2):
    drawn = [
        gpt2.generate(
            PROMPTS,
            new_tokens=6,
            sampling=Sampling(temperature=1.0),
            generator=torch.Generator().manual_seed(seed),
        )
        for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_drawn_tokens_follow_the_models_probabilities(gpt2):
    sampling = Sampling(temperature=1.5)
    rows = gpt2.generate(
        [[1, 2]] * 4000, new_tokens=1, sampling=sampling, generator=torch.Generator().manual_seed(0)
    )
    counted = torch.bincount(torch.tensor(rows).flatten(), minlength=31) / 4000
    expected = (gpt2(torch.tensor([[1, 2]]))[0, -1] / 1.5).softmax(-1)
    torch.testing.assert_close(counted, expected, rtol=0, atol=0.035)  # 4 standard errors


def test_a_strong_penalty_forbids_repetition(gpt2):
    text = gpt2.generate([[1, 2]], new_tokens=10, sampling=Sampling(repetition_penalty=1e9))[0]
    assert len({1, 2, *text}) == 12


@pytest.mark.parametrize(
    ("prompts", "new_tokens", "message"),
    [([], 1, "at least one token"), ([[1], []], 1, "at least one token"), ([[1]], 0, "at least 1")],
)
def test_nothing_to_go_on_from_is_refused(gpt2, prompts, new_tokens, message):
    with pytest.raises(InputError, match=message):
        generate(GPTDecoder(gpt2), prompts, new_tokens=new_tokens)


@pytest.mark.parametrize("token", [31, -1])
def test_a_token_that_the_model_does_not_know_is_named(gpt2, token):
    with pytest.raises(InputError, match=f"from 0 to 30, got {token}"):
        gpt2.generate([[1], [2, token]], new_tokens=2)


def test_a_text_may_fill_the_context_and_not_exceed_it(model):
    assert len(model.generate([[1] * 15, [2]], new_tokens=2)[1]) == 2
    with pytest.raises(InputError, match="at most 16 tokens, got 17"):
        model.generate([[1] * 15, [2]], new_tokens=3)


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_a_penalty_is_that_of_transformers_for_prompts_of_any_length(family, tmp_path):
    transformers = pytest.importorskip("transformers")
    model = lively(FAMILIES[family].with_changes(context=40), torch.Generator().manual_seed(3))
    folder = model.save_pretrained(tmp_path)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    settings = transformers.GenerationConfig(
        max_new_tokens=30, do_sample=False, repetition_penalty=1.3, pad_token_id=0,
        eos_token_id=None, bos_token_id=None,
    )  # fmt: skip
    expected = []
    for prompt in PROMPTS:
        seen = torch.ones(1, len(prompt))
        text = theirs.generate(
            torch.tensor([prompt]), attention_mask=seen, generation_config=settings
        )
        expected.append(text[0, len(prompt) :].tolist())
    sampling = Sampling(repetition_penalty=1.3)
    assert model.generate(PROMPTS, new_tokens=30, sampling=sampling) == expected


@pytest.mark.parametrize("kind", [int, torch.tensor, lambda one: torch.tensor([one]), np.int64])
def test_a_stop_token_may_be_a_number_or_a_tensor(gpt2, kind):
    whole = gpt2.generate([[1, 2]], new_tokens=8)[0]
    found = gpt2.generate([[1, 2]], new_tokens=8, stop=kind(whole[3]))[0]
    assert found == list(itertools.takewhile(lambda token: token != whole[3], whole))
    best = beam_search(GPTDecoder(gpt2), [1, 2], new_tokens=8, beams=1, stop=kind(whole[3]))
    assert best == beam_search(GPTDecoder(gpt2), [1, 2], new_tokens=8, beams=1, stop=[whole[3]])


def test_a_table_of_stop_tokens_is_refused(gpt2):
    with pytest.raises(InputError, match="stop: expected a token's number, or several"):
        gpt2.generate([[1, 2]], new_tokens=8, stop=torch.tensor([[1, 2]]))


@pytest.mark.parametrize(
    "write",
    [
        lambda model: model.generate([[1, 2]], new_tokens=4),
        lambda model: model.generate([[1]], new_tokens=4, sampling=Sampling(temperature=1.0)),
        lambda model: model.generate(
            [[1]], new_tokens=4, sampling=Sampling(repetition_penalty=2.0)
        ),
        lambda model: beam_search(GPTDecoder(model), [1, 2], new_tokens=4),
    ],
)
def test_a_model_whose_logits_are_no_numbers_says_so_however_it_is_asked(gpt2, write):
    with torch.no_grad():
        gpt2.norm.weight.fill_(torch.nan)
    with pytest.raises(ModelError, match="the model's logits: expected finite, got NaN"):
        write(gpt2)
