import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import GPT, GPTConfig
from tests.models.conftest import FAMILIES, SHAPES


def test_the_future_changes_nothing(model, ids):
    changed = ids.clone()
    changed[:, 6:] = (changed[:, 6:] + 1) % 31
    torch.testing.assert_close(model(ids)[:, :6], model(changed)[:, :6])
    assert not torch.allclose(model(ids)[:, 6:], model(changed)[:, 6:])


def test_token_by_token_with_a_cache_gives_the_same_as_all_at_once(model, ids):
    cache = model.new_cache(batch=3, capacity=10)
    pieces = [model(piece, cache=cache) for piece in ids.split([4, 1, 3, 1, 1], dim=1)]
    torch.testing.assert_close(torch.cat(pieces, dim=1), model(ids), rtol=1e-4, atol=1e-5)


def test_padding_at_the_left_changes_nothing(model, ids):
    short = ids[:1, :7]
    padded = torch.cat([torch.zeros(1, 3, dtype=torch.long), short], dim=1)
    seen = torch.arange(10)[None] >= 3
    torch.testing.assert_close(model(padded, seen=seen)[:, 3:], model(short), rtol=1e-4, atol=1e-5)


def test_padding_and_cache_together_change_nothing(model, ids):
    seen = torch.arange(10)[None] >= torch.tensor([[0], [3], [6]])
    whole = model(ids, seen=seen)
    cache = model.new_cache(batch=3)
    model(ids[:, :8], seen=seen[:, :8], cache=cache)
    for place in (8, 9):
        one = model(ids[:, place : place + 1], seen=seen[:, : place + 1], cache=cache)
        torch.testing.assert_close(one[:, 0], whole[:, place], rtol=1e-4, atol=1e-5)


def test_a_row_of_padding_only_gives_no_nan(model, ids):
    seen = torch.zeros(3, 10, dtype=torch.bool)
    logits = model(ids, seen=seen)
    logits.sum().backward()
    assert logits.isfinite().all()
    assert all(one.grad is None or one.grad.isfinite().all() for one in model.parameters())


def test_the_last_logits_alone_are_the_last_of_all(model, ids):
    torch.testing.assert_close(model(ids, last_only=True)[:, 0], model(ids)[:, -1])


def test_attention_maps_are_weights_over_the_past(model, ids):
    maps = model.attention_maps(ids)
    assert maps.shape == (2, 3, 4, 10, 10)
    torch.testing.assert_close(maps.sum(-1), torch.ones(2, 3, 4, 10))
    assert (maps.triu(diagonal=1) == 0).all()


def test_gpt2_small_has_124_million_parameters():
    with torch.device("meta"):
        model = GPT(GPTConfig.gpt2())
    assert model.count_parameters() == 124_439_808
    assert model.count_parameters(positions=False) == 123_653_376


def test_llama_2_7b_has_6_7_billion_parameters():
    config = GPTConfig.llama(layers=32, heads=32, width=4096, hidden=11_008, context=4096)
    with torch.device("meta"):
        assert GPT(config).count_parameters() == 6_738_415_616


def test_tied_weights_stay_one_when_they_learn(ids):
    model = GPT(FAMILIES["gpt2"])
    model(ids).sum().backward()
    torch.optim.SGD(model.parameters(), lr=1.0).step()
    assert model.head.weight is model.embedding.weight
    assert "head.weight" not in dict(model.named_parameters())


def test_first_weights_follow_the_paper():
    config = GPTConfig.gpt2(vocabulary=500, context=64, layers=8, heads=4, width=128)
    model = GPT(config, torch.Generator().manual_seed(0))
    block = model.blocks[0]
    assert model.embedding.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert block.attention.qkv.weight.std().item() == pytest.approx(0.02, rel=0.05)
    for writes in (block.attention.project, block.feed_forward.project):
        assert writes.weight.std().item() == pytest.approx(0.02 / 4, rel=0.05)
        assert (writes.bias == 0).all()
    assert (block.attention_norm.weight == 1).all()


def test_the_first_loss_is_that_of_a_guess(ids):
    model = GPT(FAMILIES["gpt2"], torch.Generator().manual_seed(0))
    loss = torch.nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    assert loss.item() == pytest.approx(torch.tensor(31.0).log().item(), abs=0.1)


def test_the_same_generator_gives_the_same_weights():
    first, second = (GPT(FAMILIES["llama"], torch.Generator().manual_seed(5)) for _ in range(2))
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_text_longer_than_the_context_is_refused(model):
    with pytest.raises(InputError, match=r"at most 16 tokens, got 17; cut it"):
        model(torch.zeros(1, 17, dtype=torch.long))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"heads": 3}, "a multiple of 3 heads, got 16"),
        ({"kv_heads": 3}, "a divisor of 4 heads, got 3"),
        ({"layers": 0}, "at least 1, got 0"),
        ({"dropout": 1.0}, "below 1, got 1.0"),
        ({"heads": 16, "positions": "rotary"}, "even, to rotate, got 1"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        GPTConfig.gpt2(**{**SHAPES, **wrong})


def test_dropout_is_at_work_in_training_only(ids):
    model = GPT(FAMILIES["gpt2"].with_changes(dropout=0.5))
    assert not torch.equal(model(ids), model(ids))
    model.eval()
    assert torch.equal(model(ids), model(ids))


def test_attention_maps_are_the_same_twice_in_training_mode_too():
    model = GPT(GPTConfig.gpt2(**SHAPES, dropout=0.5))
    model.blocks[1].eval()
    first, second = (model.attention_maps(torch.tensor([[1, 2, 3]])) for _ in range(2))
    torch.testing.assert_close(first, second, rtol=0, atol=0)
    modes = [model.training, model.blocks[0].training, model.blocks[1].training]
    assert modes == [True, True, False]
