import pytest
import torch

from course_lib.errors import DataError, InputError
from course_lib.models import GPTDecoder, add_lora, load_lora, merge_lora, save_lora
from tests.models.conftest import FAMILIES, lively


@pytest.fixture
def gpt2(generator):
    return lively(FAMILIES["gpt2"], generator)


def trained(model, ids, steps=3):
    learning = [one for one in model.parameters() if one.requires_grad]
    optimiser = torch.optim.SGD(learning, lr=0.5)
    for _ in range(steps):
        optimiser.zero_grad()
        logits = model(ids[:, :-1]).flatten(0, 1)
        torch.nn.functional.cross_entropy(logits, ids[:, 1:].flatten()).backward()
        optimiser.step()
    return model


def test_a_fresh_correction_changes_nothing(gpt2, ids, generator):
    before = gpt2(ids)
    assert torch.equal(add_lora(gpt2, rank=2, generator=generator)(ids), before)


def test_only_the_corrections_learn(gpt2, ids, generator):
    frozen = {name: one.clone() for name, one in gpt2.named_parameters()}
    trained(add_lora(gpt2, rank=2, generator=generator), ids)
    learned = {name for name, one in gpt2.named_parameters() if one.requires_grad}
    assert learned == {
        f"blocks.{layer}.attention.{part}.{half}"
        for layer in (0, 1)
        for part in ("qkv", "project")
        for half in ("up", "down")
    }
    merged = {name.replace(".frozen", ""): one for name, one in gpt2.named_parameters()}
    assert all(torch.equal(merged[name], one) for name, one in frozen.items())


def test_merged_it_gives_the_same_with_the_layers_of_before(gpt2, ids, generator):
    kinds = [type(one) for one in gpt2.modules()]
    before = gpt2(ids)
    trained(add_lora(gpt2, rank=2, generator=generator), ids)
    after = gpt2(ids)
    merge_lora(gpt2)
    assert not torch.allclose(before, after, atol=1e-3)
    torch.testing.assert_close(gpt2(ids), after, rtol=1e-4, atol=1e-4)
    assert [type(one) for one in gpt2.modules()] == kinds
    assert all(one.requires_grad for one in gpt2.parameters())


def test_a_saved_correction_goes_onto_the_same_model(gpt2, ids, generator, tmp_path):
    trained(add_lora(gpt2, rank=3, alpha=6.0, generator=generator), ids)
    save_lora(gpt2, tmp_path)
    fresh = lively(FAMILIES["gpt2"], torch.Generator().manual_seed(0))
    assert torch.equal(load_lora(fresh, tmp_path)(ids), gpt2(ids))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["adapter.json", "adapter.safetensors"]


def test_a_corrected_model_generates_what_it_computes(gpt2, ids, generator):
    trained(add_lora(gpt2, rank=2, generator=generator), ids)
    decoder = GPTDecoder(gpt2)
    decoder.start([[1, 2]], 3)
    expected = gpt2(torch.tensor([[1, 2, 3]]))[:, -1]
    torch.testing.assert_close(decoder.step(torch.tensor([3])), expected, rtol=1e-4, atol=1e-4)


def test_a_correction_for_another_model_is_refused(gpt2, generator, tmp_path):
    save_lora(add_lora(gpt2, rank=2), tmp_path)
    with pytest.raises(DataError, match="corrections for this model"):
        load_lora(lively(FAMILIES["llama"].with_changes(width=32), generator), tmp_path)
    with pytest.raises(DataError, match="FileNotFoundError"):
        load_lora(gpt2, tmp_path / "nowhere")


def test_what_can_not_be_corrected_is_refused(gpt2):
    with pytest.raises(InputError, match="at least 1, got 0"):
        add_lora(gpt2, rank=0)
    with pytest.raises(InputError, match="ends of names such as"):
        add_lora(gpt2, layers=["query"])
    with pytest.raises(InputError, match="call add_lora first"):
        merge_lora(gpt2)


def test_two_calls_add_to_different_layers_and_both_learn_and_are_kept(
    gpt2, ids, generator, tmp_path
):
    add_lora(gpt2, rank=2, alpha=4.0, generator=generator)
    add_lora(gpt2, rank=3, alpha=9.0, layers=["feed_forward.expand"], generator=generator)
    assert sum(one.requires_grad for one in gpt2.parameters()) == 12
    trained(gpt2, ids)
    fresh = lively(FAMILIES["gpt2"], torch.Generator().manual_seed(0))
    assert torch.equal(load_lora(fresh, save_lora(gpt2, tmp_path))(ids), gpt2(ids))


def test_a_layer_is_meant_by_whole_parts_of_its_name():
    model = torch.nn.Sequential(*[torch.nn.Linear(2, 2) for _ in range(11)])
    add_lora(model, rank=1, layers="0")
    assert [type(one).__name__ for one in model].count("LoRALinear") == 1


def test_a_head_that_is_tied_is_refused(gpt2):
    with pytest.raises(InputError, match="the layer head: expected a matrix of its own"):
        add_lora(gpt2, layers=["head"])
    assert add_lora(lively(FAMILIES["llama"], torch.Generator()), layers=["head"])


@pytest.mark.parametrize(
    "content",
    ["[1]", "[" * 100_000, '{"rank": 2}', "{}", '{"blocks.0.attention.qkv": {"rank": 2}}',
     '{"blocks.0.norm": {"alpha": 1}}', '{"blocks.0.attention.qkv": {"alpha": "x"}}'],
)  # fmt: skip
def test_a_strange_adapter_is_refused_and_the_model_left_as_it_was(gpt2, tmp_path, content):
    save_lora(add_lora(gpt2, rank=2), tmp_path)
    (tmp_path / "adapter.json").write_text(content)
    fresh = lively(FAMILIES["gpt2"], torch.Generator().manual_seed(0))
    names = set(fresh.state_dict())
    with pytest.raises(DataError, match="corrections for this model"):
        load_lora(fresh, tmp_path)
    assert set(fresh.state_dict()) == names
