import json
import warnings

import pytest
import torch

from course_lib.errors import DataError, InputError
from course_lib.models import GPT, GPTConfig
from course_lib.models.rotary import RotaryScaling
from tests.models.conftest import lively

transformers = pytest.importorskip("transformers")

SHAPES = {"vocabulary": 61, "context": 32, "layers": 3, "heads": 4, "width": 32}
OURS = {
    "gpt2": GPTConfig.gpt2(**SHAPES),
    "gpt2, exact GELU, untied": GPTConfig.gpt2(**SHAPES, activation="gelu", tied=False, hidden=40),
    "llama": GPTConfig.llama(**SHAPES),
    "llama, grouped, tied": GPTConfig.llama(**SHAPES, kv_heads=2, tied=True, head_size=6),
    "llama, neighbours": GPTConfig.llama(**SHAPES, kv_heads=1, rotary_pairing="neighbours"),
    "llama 3, long": GPTConfig.llama(
        **SHAPES, rotary_base=500.0, rotary_scaling=RotaryScaling("llama3", 8.0, 1.0, 4.0, 16)
    ),
    "llama, linear": GPTConfig.llama(**SHAPES, rotary_scaling=RotaryScaling("linear", 4.0)),
    "qwen 2": GPTConfig.llama(**SHAPES, kv_heads=2, qkv_bias=True),
    "qwen 2, neighbours": GPTConfig.llama(**SHAPES, qkv_bias=True, rotary_pairing="neighbours"),
}


@pytest.fixture
def ids(generator):
    return torch.randint(61, (2, 32), generator=generator)


def loaded_by_transformers(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return transformers.AutoModelForCausalLM.from_pretrained(folder).eval()


def theirs(family):
    general = {"vocab_size": 61, "bos_token_id": None, "eos_token_id": None}
    torch.manual_seed(0)
    if family == "gpt2":
        return transformers.GPT2LMHeadModel(
            transformers.GPT2Config(n_layer=3, n_embd=32, n_head=4, n_positions=32, **general)
        )
    sizes = {
        "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 32,
    }  # fmt: skip
    kind = {"llama": "Llama", "mistral": "Mistral", "qwen2": "Qwen2"}[family]
    config = getattr(transformers, f"{kind}Config")(**sizes, **general)
    return getattr(transformers, f"{kind}ForCausalLM")(config)


@pytest.mark.parametrize("name", OURS)
def test_what_we_save_gives_the_same_logits_in_transformers(name, tmp_path, ids, generator):
    model = lively(OURS[name], generator)
    other = loaded_by_transformers(model.save_pretrained(tmp_path))
    with torch.no_grad():
        torch.testing.assert_close(model(ids), other(ids).logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("family", ["gpt2", "llama", "mistral", "qwen2"])
def test_what_transformers_saves_gives_the_same_logits_here(family, tmp_path, ids, generator):
    other = theirs(family).eval()
    with torch.no_grad():
        for parameter in other.parameters():
            parameter += torch.empty_like(parameter).normal_(0, 0.2, generator=generator)
        other.save_pretrained(tmp_path)
        model = GPT.from_pretrained(tmp_path)
        torch.testing.assert_close(model(ids), other(ids).logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in OURS if "neighbours" not in name])
def test_saved_and_loaded_is_the_same_model(name, tmp_path, ids, generator):
    model = lively(OURS[name], generator)
    again = GPT.from_pretrained(model.save_pretrained(tmp_path))
    assert torch.equal(model(ids), again(ids))
    assert (again.head.weight is again.embedding.weight) == model.config.tied
    assert again.count_parameters() == model.count_parameters()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config.json", "model.safetensors"]


def test_weights_in_several_files_are_read(tmp_path, ids):
    other = theirs("llama").eval()
    other.save_pretrained(tmp_path, max_shard_size="20KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    with torch.no_grad():
        torch.testing.assert_close(GPT.from_pretrained(tmp_path)(ids), other(ids).logits)


def test_the_older_names_of_public_gpt2_files_are_read(tmp_path, generator):
    from safetensors.torch import load_file, save_file

    model = lively(OURS["gpt2"], generator)
    model.save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    old = {name.removeprefix("transformer."): weight for name, weight in weights.items()}
    old["h.0.attn.bias"] = torch.ones(1, 1, 32, 32)
    save_file(old, tmp_path / "model.safetensors")
    assert torch.equal(GPT.from_pretrained(tmp_path).head.weight, model.head.weight)


def test_a_loaded_model_is_ready_to_use_and_to_train(tmp_path, ids, generator):
    lively(OURS["gpt2"], generator).save_pretrained(tmp_path)
    model = GPT.from_pretrained(tmp_path, dropout=0.5)
    assert torch.equal(model(ids), model(ids))
    model.train()(ids).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_bfloat16_stays_bfloat16(tmp_path, generator):
    model = lively(OURS["llama"], generator).to(torch.bfloat16)
    folder = model.save_pretrained(tmp_path)
    assert GPT.from_pretrained(folder).head.weight.dtype == torch.bfloat16
    assert json.loads((folder / "config.json").read_text())["dtype"] == "bfloat16"


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(DataError, match=r"config\.json: expected a file, got nothing"):
        GPT.from_pretrained(tmp_path)


def test_weights_cut_short_are_refused(tmp_path, generator):
    lively(OURS["gpt2"], generator).save_pretrained(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(DataError, match="expected whole weights"):
        GPT.from_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("n_embd", 16, r"blocks\.0\.attention\.project\.bias: expected \(16,\), got \(32,\)"),
        ("n_layer", 4, r"blocks\.3\.attention.*got nothing; config\.json and the weights"),
        ("n_layer", 2, r"blocks\.2\.attention.*expected nothing of that name"),
    ],
)
def test_weights_of_another_model_are_refused(tmp_path, generator, field, value, message):
    lively(OURS["gpt2"], generator).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, field: value}))
    with pytest.raises(DataError, match=message):
        GPT.from_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"model_type": "bloom"}, "one of gpt2, llama, mistral, qwen2, got 'bloom'"),
        ({"model_type": "gpt2", "activation_function": "selu"}, "gelu or relu, got 'selu'"),
    ],
)
def test_models_that_we_do_not_have_are_refused(tmp_path, config, message):
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=message):
        GPT.from_pretrained(tmp_path)


def test_a_shape_that_hugging_face_does_not_have_is_refused(tmp_path):
    model = GPT(GPTConfig.gpt2(**SHAPES, positions="none"))
    with pytest.raises(InputError, match="a shape of GPT-2's or Llama's family"):
        model.save_pretrained(tmp_path / "new")
    assert not (tmp_path / "new").exists()


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
