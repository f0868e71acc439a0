import json

import pytest
from typer.testing import CliRunner

from course_lib.cli.application import application
from course_lib.errors import InputError
from course_lib.models import GPT
from course_lib.training import load_latest, parse_recipe, read_recipe

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
