import json
import warnings

import pytest
import torch

from course_lib.errors import DataError, InputError
from course_lib.models import GPT, GPTConfig
from course_lib.models.blocks.rotary import RotaryScaling
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
