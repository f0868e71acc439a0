"""A run that was stopped goes on as if nothing had happened, and another run is refused."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from course_lib.training import (
    Batches,
    CheckpointError,
    Trainer,
    language_model_loss,
    load_latest,
    save_checkpoint,
)
from tests.training.test_loop import config, language_model, sentences, weights

ROOT = Path(__file__).parents[2]


class StoppedError(Exception):
    """The machine went down."""


def _interrupting(after):
    calls = 0

    def loss(model, batch):
        nonlocal calls
        calls += 1
        if calls > after:
            raise StoppedError
        return language_model_loss(model, batch)

    return loss


@pytest.mark.parametrize(
    ("after", "precision"),
    [(1, "float32"), (5, "float32"), (6, "bfloat16"), (15, "float32"), (15, "bfloat16")],
)
def test_a_run_that_goes_on_is_bit_for_bit_the_run_that_was_never_stopped(
    tmp_path, after, precision
):
    settings = config(
        checkpoint_every=1, accumulation=2, average_decay=0.8, evaluate_every=3,
        precision=precision,
    )  # fmt: skip

    def trainer(loss, folder):
        return Trainer(
            language_model(dropout=0.3), Batches(sentences(), size=4, seed=7), loss, settings,
            validation=Batches(sentences(seed=9), size=4, shuffle=False), folder=folder,
        )  # fmt: skip

    torch.manual_seed(1)
    undisturbed = trainer(language_model_loss, tmp_path / "whole")
    undisturbed.run()
    torch.manual_seed(1)
    with pytest.raises(StoppedError):
        trainer(_interrupting(after), tmp_path / "parts").run()
    torch.manual_seed(1 if after == 1 else 99)
    resumed = trainer(language_model_loss, tmp_path / "parts")
    resumed.run()
    assert torch.equal(weights(resumed.model), weights(undisturbed.model))
    one, other = load_latest(tmp_path / "whole"), load_latest(tmp_path / "parts")
    assert set(one.tensors) == set(other.tensors)
    assert all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def test_a_killed_process_goes_on_where_it_was(tmp_path):
    script = (
        "import sys, os, signal; from pathlib import Path\n"
        "from tests.training import test_loop as t\n"
        "t.torch.manual_seed(3)\n"
        "batches = t.Batches(t.sentences(), size=4)\n"
        "settings = t.config(steps=12, checkpoint_every=2)\n"
        "def loss(model, batch):\n"
        "    loss.calls += 1\n"
        "    if loss.calls > int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return t.language_model_loss(model, batch)\n"
        "loss.calls = 0\n"
        "model, folder = t.language_model(0.2), Path(sys.argv[1])\n"
        "t.Trainer(model, batches, loss, settings, folder=folder).run()\n"
    )

    def run(folder, calls):
        return subprocess.run(
            [sys.executable, "-c", script, str(folder), str(calls)], cwd=ROOT, capture_output=True,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120,
        )  # fmt: skip

    assert run(tmp_path / "parts", 7).returncode == -signal.SIGKILL
    assert "going on after step 6" in run(tmp_path / "parts", 99).stdout
    assert run(tmp_path / "whole", 99).returncode == 0
    one, other = load_latest(tmp_path / "whole"), load_latest(tmp_path / "parts")
    assert all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def test_a_run_with_another_config_or_model_is_refused(tmp_path):
    batches = Batches(sentences(), size=4)
    Trainer(language_model(), batches, language_model_loss, config(), folder=tmp_path).run()
    with pytest.raises(CheckpointError, match="got another learning_rate"):
        Trainer(language_model(), batches, language_model_loss, config(learning_rate=0.5),
                folder=tmp_path).run()  # fmt: skip
    other = nn.Sequential(nn.Embedding(11, 4), nn.Linear(4, 11))
    with pytest.raises(CheckpointError, match="got another model"):
        Trainer(other, batches, language_model_loss, config(), folder=tmp_path).run()


@pytest.mark.parametrize(
    ("other", "words"),
    [({"size": 8}, "batch"), ({"seed": 5}, "seed"), ({"shuffle": False}, "shuffle")],
)
def test_a_run_on_other_batches_is_refused(tmp_path, other, words):
    def trainer(**changes):
        batches = Batches(sentences(), **{"size": 4, **changes})
        return Trainer(language_model(), batches, language_model_loss, config(), folder=tmp_path)

    trainer().run()
    with pytest.raises(CheckpointError, match=f"got another {words} of the data"):
        trainer(**other).run()


def test_a_run_on_other_data_is_refused_and_more_processes_on_the_same_are_not(tmp_path):
    def trainer(batches):
        return Trainer(language_model(), batches, language_model_loss, config(), folder=tmp_path)

    trainer(Batches(sentences(), size=4)).run()
    with pytest.raises(CheckpointError, match="got another items of the data"):
        trainer(Batches(sentences(12), size=4)).run()
    assert trainer(Batches(sentences(), size=2, world=2)).run() == []


def test_a_run_may_go_on_with_another_rhythm_of_logs_and_checkpoints(tmp_path):
    for changes in ({}, {"log_every": 1, "checkpoint_every": 3, "keep": 5}):
        trainer = Trainer(language_model(), Batches(sentences(), size=4), language_model_loss,
                          config(**changes), folder=tmp_path)  # fmt: skip
        trainer.run()
    assert trainer.done == 8


@pytest.mark.parametrize("name", ["optimiser", "average", "generator"])
def test_a_checkpoint_that_lacks_a_part_is_refused_in_words(tmp_path, name):
    def trainer():
        return Trainer(language_model(), Batches(sentences(), size=4), language_model_loss,
                       config(average_decay=0.5), folder=tmp_path)  # fmt: skip

    trainer().run()
    last = load_latest(tmp_path)
    tensors = {key: one for key, one in last.tensors.items() if not key.startswith(name)}
    save_checkpoint(tmp_path, 9, tensors, last.record)
    with pytest.raises(CheckpointError, match=f"expected all that a run needs, got .*{name}"):
        trainer().run()


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_a_run_in_16_bits_with_helping_processes_goes_on_bit_for_bit(tmp_path, precision):
    def trainer(folder, loss=language_model_loss):
        torch.manual_seed(1)
        return Trainer(language_model(0.2), Batches(sentences(), size=4, workers=2), loss,
                       config(precision=precision, checkpoint_every=1), folder=folder)  # fmt: skip

    whole = trainer(tmp_path / "whole")
    whole.run()
    with pytest.raises(StoppedError):
        trainer(tmp_path / "parts", _interrupting(4)).run()
    rest = trainer(tmp_path / "parts")
    rest.run()
    assert torch.equal(weights(rest.model), weights(whole.model))
