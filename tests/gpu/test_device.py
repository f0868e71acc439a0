import subprocess
import sys

import pytest
import torch

from course_lib.errors import InputError
from course_lib.gpu.device import VARIABLE, choose_device, describe_device

UNTOUCHED = """
import torch

def forbidden(*_, **__):
    raise SystemExit("asked the accelerator at import")

for place in (torch.cuda, torch.mps, torch.backends.mps):
    for name in dir(place):
        if not name.startswith("_") and callable(getattr(place, name)):
            if not isinstance(getattr(place, name), type):
                setattr(place, name, forbidden)
import importlib, pkgutil
import course_lib.gpu

for module in pkgutil.iter_modules(course_lib.gpu.__path__):
    importlib.import_module(f"course_lib.gpu.{module.name}")
"""


def test_cuda_comes_first(t4):
    assert choose_device() == torch.device("cuda")


def test_apple_comes_before_the_processor(apple):
    assert choose_device() == torch.device("mps")


def test_without_accelerators_it_is_the_processor(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device() == torch.device("cpu")


def test_the_variable_overrides_what_is_there(t4, monkeypatch):
    monkeypatch.setenv(VARIABLE, " CPU ")
    assert choose_device() == torch.device("cpu")


def test_the_argument_overrides_the_variable(t4, monkeypatch):
    monkeypatch.setenv(VARIABLE, "cpu")
    assert choose_device("cuda:1") == torch.device("cuda:1")


@pytest.mark.parametrize("nothing_special", ["auto", ""])
def test_auto_and_an_empty_variable_mean_the_best(t4, monkeypatch, nothing_special):
    monkeypatch.setenv(VARIABLE, nothing_special)
    assert choose_device() == torch.device("cuda")


def test_a_device_that_is_not_there_is_refused_with_a_remedy(apple):
    with pytest.raises(InputError, match="'cuda'; leave it out"):
        choose_device("cuda")


def test_a_number_beyond_the_last_gpu_is_refused(t4):
    with pytest.raises(InputError, match="cuda:2"):
        choose_device("cuda:2")


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "meta", "cuda:-1"])
def test_a_name_that_means_no_device_is_refused(name):
    with pytest.raises(InputError, match="expected cuda"):
        choose_device(name)


def test_a_gpu_is_described_by_name_memory_and_multiprocessors(t4):
    assert str(describe_device()) == "Tesla T4 (cuda:0), 15.0 GiB, 40 multiprocessors"


def test_apples_gpu_is_described_without_cores_that_nobody_tells(apple):
    assert str(describe_device()) == "Apple GPU (mps), 8.0 GiB"


def test_the_processor_has_a_name_and_memory_and_cores():
    found = describe_device("cpu")
    assert found.name
    assert found.memory > 2**27
    assert found.cores >= 1


@pytest.mark.gpu
def test_a_real_accelerator_is_chosen_and_described():
    found = describe_device()
    assert found.device != "cpu"
    assert found.memory > 2**27


def test_no_module_of_the_room_asks_the_accelerator_at_import():
    done = subprocess.run([sys.executable, "-c", UNTOUCHED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
