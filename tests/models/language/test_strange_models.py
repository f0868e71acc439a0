"""Folders that hold a strange, damaged or half model: each is refused in words, or read rightly."""

import json

import pytest
import torch

from course_lib.errors import DataError, InputError
from course_lib.models import GPT
from tests.models.conftest import lively
from tests.models.language.test_pretrained import OURS, theirs

pytest.importorskip("transformers")


@pytest.fixture
def llama(tmp_path, generator):
    """A folder with a small Llama, and its config."""
    lively(OURS["llama"], generator).save_pretrained(tmp_path)
    return tmp_path, json.loads((tmp_path / "config.json").read_text())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "expected fields and their values"),
        ("[" * 100_000, "expected JSON"),
        ({"num_hidden_layers": 10**9}, "expected 1000000000 layers, got 21 tensors"),
        ({"hidden_size": 10**12, "head_dim": None}, "sizes that a computer can count"),
        ({"rms_norm_eps": float("nan")}, "norm_epsilon: expected a finite number"),
        ({"hidden_act": "gelu"}, "hidden_act: expected 'silu' or 'swish', got 'gelu'"),
        ({"mlp_bias": True}, "mlp_bias: expected False"),
        ({"attention_bias": True}, "attention_bias: expected False"),
        ({"rope_parameters": "x"}, "settings that turn all of a head"),
        ({"rope_parameters": {"partial_rotary_factor": 0.5}}, "settings that turn all of a head"),
        ({"rope_parameters": {"rope_type": "yarn"}}, "default, linear or llama3, got 'yarn'"),
        ({"rope_parameters": {"rope_type": "linear"}}, "expected a field 'factor'"),
        ({"rope_parameters": {"rope_type": "linear", "factor": 0.0}}, "factor: expected more"),
    ],
)
def test_a_strange_config_is_refused_in_words(llama, content, message):
    folder, config = llama
    text = content if isinstance(content, str) else json.dumps({**config, **content})
    (folder / "config.json").write_text(text)
    with pytest.raises((DataError, InputError), match=message):
        GPT.from_pretrained(folder)


def test_a_field_that_is_missing_is_named(llama):
    folder, config = llama
    del config["vocab_size"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="expected a field 'vocab_size'"):
        GPT.from_pretrained(folder)


@pytest.mark.parametrize(
    ("switch", "value"),
    [("scale_attn_weights", False), ("scale_attn_by_inverse_layer_idx", True)],
)
def test_a_gpt2_with_other_scores_is_refused(tmp_path, generator, switch, value):
    lively(OURS["gpt2"], generator).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, switch: value}))
    with pytest.raises(InputError, match=switch):
        GPT.from_pretrained(tmp_path)


def test_the_context_is_the_window_that_mistral_looks_back_on(tmp_path, ids):
    other = theirs("mistral").eval()
    other.config.sliding_window = 8
    other.save_pretrained(tmp_path)
    model = GPT.from_pretrained(tmp_path)
    with torch.no_grad():
        torch.testing.assert_close(model(ids[:, :8]), other(ids[:, :8]).logits)
    with pytest.raises(InputError, match="at most 8 tokens"):
        model(ids[:, :9])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda weights: weights.popitem(), "got nothing"),
        (lambda weights: weights.pop("model.layers.1.self_attn.k_proj.weight"), "all of them"),
        (lambda weights: weights.update({"model.layers.1.self_attn.v_proj.weight": torch.ones(3)}),
         "all of them, with as many columns"),
        (lambda weights: weights.update(
            {"lm_head.weight": torch.ones(61, 32, dtype=torch.int8)}), "not quantised"),
    ],
)  # fmt: skip
def test_weights_that_are_not_all_there_are_refused(llama, change, message):
    from safetensors.torch import load_file, save_file

    folder, _ = llama
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(DataError, match=message):
        GPT.from_pretrained(folder)


def test_weights_of_several_formats_are_read_in_the_widest(llama):
    from safetensors.torch import load_file, save_file

    folder, _ = llama
    weights = load_file(folder / "model.safetensors")
    mixed = {name: one if "norm" in name else one.half() for name, one in weights.items()}
    save_file(mixed, folder / "model.safetensors")
    model = GPT.from_pretrained(folder)
    assert {one.dtype for one in model.parameters()} == {torch.float32}
    assert len(model.generate([[1, 2], [3]], new_tokens=3)[0]) == 3


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_a_model_in_16_bits_generates_what_it_computes(llama, dtype):
    folder, _ = llama
    model = GPT.from_pretrained(folder).to(dtype)
    text = model.generate([[1, 2, 3]], new_tokens=1)[0]
    assert text == [int(model(torch.tensor([[1, 2, 3]]))[0, -1].argmax())]


@pytest.mark.parametrize(
    "index", [[1], {}, {"weight_map": [1]}, {"weight_map": {"a": 3}}, {"weight_map": {"a": ".."}},
              {"weight_map": {"a": "../../weights.safetensors"}}]
)  # fmt: skip
def test_a_strange_index_of_files_is_refused(llama, index):
    folder, _ = llama
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(DataError):
        GPT.from_pretrained(folder)


def test_a_model_saved_where_one_in_several_files_lay_is_the_one_that_is_read(tmp_path, generator):
    theirs("llama").save_pretrained(tmp_path, max_shard_size="20KB")
    model = lively(OURS["llama"], generator)
    model.save_pretrained(tmp_path)
    assert torch.equal(GPT.from_pretrained(tmp_path).head.weight, model.head.weight)
    assert not (tmp_path / "model.safetensors.index.json").exists()


def test_a_model_with_corrections_beside_its_matrices_is_not_saved_as_another(tmp_path, generator):
    from course_lib.models import add_lora, merge_lora

    model = add_lora(lively(OURS["llama"], generator), rank=2)
    with pytest.raises(InputError, match="merge_lora"):
        model.save_pretrained(tmp_path)
    merge_lora(model).save_pretrained(tmp_path)
    assert torch.equal(GPT.from_pretrained(tmp_path).head.weight, model.head.weight)
