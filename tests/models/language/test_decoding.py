import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import GPT, GPTConfig, GPTDecoder
from tests.models.conftest import FAMILIES, lively

PROMPTS = [[1, 2, 3, 4], [5], [6, 7]]


@pytest.mark.parametrize("new_tokens", [6, 60], ids=["as it stands", "laid out anew"])
def test_each_step_equals_the_whole_forward_pass(model, new_tokens):
    model = lively(model.config.with_changes(context=80), torch.Generator().manual_seed(3))
    decoder = GPTDecoder(model)
    texts = [list(prompt) for prompt in PROMPTS]
    logits = decoder.start(texts, new_tokens)
    for _ in range(3):
        expected = torch.cat([model(torch.tensor([text]))[:, -1] for text in texts])
        torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)
        chosen = logits.argmax(-1)
        for text, token in zip(texts, chosen.tolist(), strict=True):
            text.append(token)
        logits = decoder.step(chosen)


def test_rows_of_a_batch_can_change_places(model):
    decoder = GPTDecoder(model)
    decoder.start(PROMPTS, 4)
    decoder.reorder(torch.tensor([2, 2, 0]))
    logits = decoder.step(torch.tensor([8, 9, 10]))
    for row, text in enumerate([[6, 7, 8], [6, 7, 9], [1, 2, 3, 4, 10]]):
        expected = model(torch.tensor([text]))[0, -1]
        torch.testing.assert_close(logits[row], expected, rtol=1e-4, atol=1e-4)


def test_dropout_is_off_while_decoding_and_on_again_after():
    model = GPT(FAMILIES["gpt2"].with_changes(dropout=0.5)).train()
    decoder = GPTDecoder(model)
    assert torch.equal(decoder.start([[1]], 2), decoder.start([[1]], 2))
    assert model.training


def test_new_weights_are_seen_by_the_next_text(generator):
    model = lively(FAMILIES["gpt2"].with_changes(context=80), generator)
    decoder = GPTDecoder(model)
    decoder.start([[1]], 60)
    before = decoder.step(torch.tensor([2]))
    with torch.no_grad():
        model.head.weight.mul_(2)
    decoder.start([[1]], 60)
    assert not torch.allclose(before, decoder.step(torch.tensor([2])))


def test_more_tokens_than_the_context_are_refused_before_any_work(model):
    with pytest.raises(InputError, match="at most 16 tokens, got 17"):
        GPTDecoder(model).start([[1, 2, 3, 4]], 14)
    GPTDecoder(model).start([[1, 2, 3, 4]], 13)


def test_half_precision_decodes_too():
    config = GPTConfig.llama(vocabulary=31, context=80, layers=2, heads=2, width=16)
    model = GPT(config, torch.Generator().manual_seed(0)).to(torch.bfloat16).eval()
    decoder = GPTDecoder(model)
    assert decoder.start(PROMPTS, 60).dtype == torch.bfloat16
    step = decoder.step(torch.tensor([1, 2, 3]))
    expected = model(torch.tensor([[*PROMPTS[0], 1]]))[0, -1]
    torch.testing.assert_close(step[0], expected, rtol=0.05, atol=0.05)
