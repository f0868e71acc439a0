import json

import pytest
import torch
from typer.testing import CliRunner

from course_lib.cli.application import application
from course_lib.errors import InputError
from course_lib.models import GPT
from course_lib.training import (
    Processes,
    load_best,
    load_latest,
    load_weights,
    parse_recipe,
    prepare,
    read_recipe,
    run_recipe,
)
from course_lib.training.from_recipe import trainer_of

RECIPE = """
[data]
source = {source!r}
vocabulary = 300
validation = 0.2
batch = 4
[model]
family = "llama"
layers = 1
heads = 2
width = 16
context = 16
[training]
steps = 6
learning_rate = 0.01
betas = [0.9, 0.99]
evaluate_every = 3
log_every = 3
"""


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"{number} cats sat on {number} mats. " * 20, "utf-8")
    return folder


@pytest.fixture
def recipe(tmp_path, texts):
    path = tmp_path / "small.toml"
    path.write_text(RECIPE.format(source=str(texts)), "utf-8")
    return path


def test_a_recipe_names_data_model_and_training(recipe):
    found = read_recipe(recipe)
    assert found.data.batch == 4
    assert (found.model.vocabulary, found.model.activation) == (300, "swiglu")
    assert found.training.betas == (0.9, 0.99)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("steps = 6", "step = 6"), "did you mean steps"),
        (("[model]", "[modle]"), "did you mean model"),
        (("width = 16", "width = 17"), "multiple of 2 heads"),
        (('"llama"', '"rnn"'), "gpt2 or llama"),
        (("steps = 6", ""), "missing .*steps"),
        (("[data]", "[data"), "expected TOML"),
        (("validation = 0.2", "validation = 2.5"), "a share between 0 and 1"),
        (("batch = 4", "batch = 0"), "batch: expected at least 1"),
        (("batch = 4", "batch = 4\nseed = -1"), "seed: expected 0 or more"),
        (("width = 16", "width = 16\nkv_heads = 0"), "kv_heads: expected at least 1"),
        (("width = 16", "width = 16\nvocabulary = 9"), "'vocabulary'"),
        (
            ("[model]", "[model.rotary_scaling]\nkind = 'linear'\nfactors = 2.0\n[model]"),
            "did you mean factor",
        ),
    ],
)
def test_what_is_wrong_in_a_recipe_is_said(recipe, change, words):
    with pytest.raises(InputError, match=words):
        parse_recipe(recipe.read_text("utf-8").replace(*change))


def test_an_unknown_source_is_refused_with_those_that_there_are():
    with pytest.raises(InputError, match="docstrings, wikipedia, shakespeare, poetry or a folder"):
        parse_recipe('[data]\nsource = "the internet"\n[training]\nsteps = 1\n')


def test_the_command_trains_saves_and_goes_on(recipe, tmp_path):
    run = tmp_path / "run"
    words = ["train", str(recipe), "--folder", str(run), "--device", "cpu"]
    first = CliRunner().invoke(application, words)
    assert first.exit_code == 0, first.output
    assert "tokens to learn from" in first.stdout
    assert load_latest(run).record["step"] == 6
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    assert [row["step"] for row in rows] == [3, 6]
    assert all("validation" in row for row in rows)
    assert GPT.from_pretrained(run / "model").config.layers == 1
    assert "going on after step 6" in CliRunner().invoke(application, words).stdout


@pytest.mark.parametrize("text", ["data = 3", "model = 'gpt2'", "training = [1]"])
def test_a_section_that_is_none_is_refused(text):
    with pytest.raises(InputError, match="expected a section"):
        parse_recipe(text)


def test_a_recipe_may_scale_rotary_positions(recipe):
    scaling = '[model.rotary_scaling]\nkind = "linear"\nfactor = 2.0\n[training]'
    found = parse_recipe(recipe.read_text("utf-8").replace("[training]", scaling))
    assert found.model.rotary_scaling.factor == 2.0


def test_the_model_that_is_saved_is_the_one_that_was_evaluated(recipe, tmp_path):
    text = recipe.read_text("utf-8").replace("steps = 6", "steps = 6\naverage_decay = 0.9")
    run_recipe(parse_recipe(text), tmp_path / "run", device="cpu")
    saved = GPT.from_pretrained(tmp_path / "run" / "model")
    checkpoint = load_latest(tmp_path / "run")
    evaluated = GPT(saved.config)
    load_weights(evaluated, checkpoint, averaged=True)
    assert torch.equal(saved.head.weight, evaluated.head.weight)
    assert not torch.equal(saved.head.weight, checkpoint.tensors["model.head.weight"])


def test_with_patience_the_best_model_is_saved(recipe, tmp_path):
    text = recipe.read_text("utf-8")
    text = text.replace("steps = 6", "steps = 60\npatience = 1").replace("0.01", "3.0")
    run_recipe(parse_recipe(text), tmp_path / "run", device="cpu")
    best, last = load_best(tmp_path / "run"), load_latest(tmp_path / "run")
    assert best.record["step"] < last.record["step"]
    saved = GPT.from_pretrained(tmp_path / "run" / "model")
    assert torch.equal(saved.head.weight, best.tensors["model.head.weight"])


def test_a_batch_that_processes_can_not_share_is_refused(recipe, tmp_path):
    found = read_recipe(recipe)
    data = found.data
    corpus = prepare(tmp_path / "c", data.source, data.vocabulary, data.validation, data.seed)
    three = Processes(0, 3, torch.device("cpu"))
    with pytest.raises(InputError, match="a multiple of 3 processes, got 4"):
        trainer_of(found, corpus, tmp_path / "run", three)
