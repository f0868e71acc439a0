import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.training.distributed import Processes, spread
from tests.training import two_processes

ROOT = Path(__file__).parents[2]


def _run(folder, spreading, processes=2, steps=99, dropout=0.0):
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    run = subprocess.run(
        [sys.executable, *launcher, "-m", "tests.training.two_processes", str(folder), spreading,
         str(steps), str(dropout)],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one process learns."""
    folder = tmp_path_factory.mktemp("alone")
    two_processes.main(folder, "data", 99)
    return two_processes.trained(folder)


@pytest.mark.slow
@pytest.mark.parametrize("spreading", ["data", "sharded"])
def test_two_processes_learn_what_one_does(tmp_path, alone, spreading):
    _run(tmp_path, spreading)
    together = two_processes.trained(tmp_path)
    assert set(together) == set(alone)
    for name, tensor in alone.items():
        torch.testing.assert_close(together[name], tensor, rtol=1e-4, atol=1e-5, msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("spreading", ["data", "sharded"])
def test_two_processes_go_on_after_an_interruption(tmp_path, alone, spreading):
    assert "stopped" in _run(tmp_path, spreading, steps=3)
    assert "going on after step 3" in _run(tmp_path, spreading)
    for name, tensor in two_processes.trained(tmp_path).items():
        torch.testing.assert_close(tensor, alone[name], rtol=1e-4, atol=1e-5, msg=name)


@pytest.mark.slow
def test_each_process_goes_on_drawing_where_it_was(tmp_path):
    _run(tmp_path / "whole", "data", dropout=0.3)
    _run(tmp_path / "parts", "data", dropout=0.3, steps=3)
    _run(tmp_path / "parts", "data", dropout=0.3)
    whole = two_processes.trained(tmp_path / "whole")
    for name, tensor in two_processes.trained(tmp_path / "parts").items():
        assert torch.equal(tensor, whole[name]), name


def test_a_process_alone_keeps_its_model():
    model = nn.Linear(2, 2)
    assert spread(model, Processes(0, 1, torch.device("cpu"))) is model


def test_another_way_to_spread_is_refused():
    with pytest.raises(InputError, match="expected 'data' or 'sharded', got 'pipeline'"):
        spread(nn.Linear(2, 2), Processes(0, 1, torch.device("cpu")), "pipeline")
