import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from course_lib.training import CheckpointError, load_latest
from course_lib.training.claim import claimed
from course_lib.training.interruption import noted_interrupts
from tests.training.test_loop import (
    Batches,
    Trainer,
    config,
    language_model,
    language_model_loss,
    sentences,
    weights,
)

ROOT = Path(__file__).parents[2]


def interrupting(at, number):
    """A loss whose call number ``at`` comes while the user, or a cluster, asks for the end."""
    calls = 0

    def loss(model, batch):
        nonlocal calls
        calls += 1
        if calls == at:
            signal.raise_signal(number)
        return language_model_loss(model, batch)

    return loss


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_the_step_it_was_in_and_goes_on_to_the_same_weights(
    tmp_path, number, capsys
):
    before = signal.getsignal(number)

    def trainer(folder, loss=language_model_loss):
        torch.manual_seed(1)
        batches = Batches(sentences(), size=4)
        return Trainer(language_model(0.2), batches, loss, config(accumulation=2), folder=folder)

    whole = trainer(tmp_path / "whole")
    whole.run()
    with pytest.raises(KeyboardInterrupt):
        trainer(tmp_path / "parts", interrupting(5, number)).run()
    assert load_latest(tmp_path / "parts").record["step"] == 3
    assert "kept what was learned up to step 3" in capsys.readouterr().out
    rest = trainer(tmp_path / "parts")
    rest.run()
    assert torch.equal(weights(rest.model), weights(whole.model))
    assert signal.getsignal(number) is before


def test_a_second_interrupt_stops_at_once():
    with noted_interrupts() as asked_to_stop:
        signal.raise_signal(signal.SIGINT)
        assert asked_to_stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_without_a_folder_an_interrupt_stops_at_once():
    trainer = Trainer(language_model(), Batches(sentences(), size=4),
                      interrupting(3, signal.SIGINT), config())  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        trainer.run()
    assert trainer.done == 2


def test_a_run_in_another_thread_is_left_to_its_program(tmp_path):
    trainer = Trainer(language_model(), Batches(sentences(), size=4), language_model_loss,
                      config(), folder=tmp_path)  # fmt: skip
    thread = threading.Thread(target=trainer.run)
    thread.start()
    thread.join()
    assert trainer.done == 8


def test_a_folder_in_which_a_run_is_at_work_is_refused_to_another(tmp_path):
    trainer = Trainer(language_model(), Batches(sentences(), size=4), language_model_loss,
                      config(), folder=tmp_path)  # fmt: skip
    script = (
        "import sys; from pathlib import Path\n"
        "from course_lib.training.claim import claimed\n"
        "with claimed(Path(sys.argv[1])): print('mine', flush=True); sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with other:
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(CheckpointError, match="expected no run in it, got one"):
            trainer.run()
        other.kill()
        other.wait()
    assert trainer.run()[-1]["step"] == 8  # the system has let go of a killed run's lock


def test_a_folder_that_can_not_be_made_is_refused_before_the_first_step(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CheckpointError, match="expected one to write in"), \
            claimed(tmp_path / "file" / "run"):  # fmt: skip
        pass
