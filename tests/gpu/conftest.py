import pytest
import torch

from course_lib.gpu.device import VARIABLE


def _accelerator():
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps") if torch.backends.mps.is_available() else None


def pytest_collection_modifyitems(items):
    if _accelerator() is None:
        for item in items:
            if item.get_closest_marker("gpu"):
                item.add_marker(pytest.mark.skip(reason="this machine has no accelerator"))


@pytest.fixture(params=["cpu", pytest.param("accelerator", marks=pytest.mark.gpu)])
def device(request):
    """Runs a test on the CPU and, where there is one, on a real accelerator."""
    return torch.device("cpu") if request.param == "cpu" else _accelerator()


@pytest.fixture(autouse=True)
def _no_wish_from_outside(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


class FakeCuda:
    """Stands in for the edge of ``torch.cuda``: what it is asked is noted, in order."""

    def __init__(self, monkeypatch, major=7, name="Tesla T4"):
        self.calls, self.major, self.name = [], major, name
        self.allocated, self.peak, self.reserved = 100, 700, 900
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
        answers = {
            "is_available": True,
            "device_count": 2,
            "current_device": 0,
            "get_device_properties": self,
            "memory_allocated": self.allocated,
            "max_memory_allocated": self.peak,
            "max_memory_reserved": self.reserved,
            "mem_get_info": (4000, 16000),
            "get_device_capability": (major, 5),
            "get_rng_state": "cuda's random state",
        }
        for call, answer in answers.items():
            monkeypatch.setattr(torch.cuda, call, self._noting(call, answer))
        for call in ("synchronize", "empty_cache", "reset_peak_memory_stats", "set_rng_state"):
            monkeypatch.setattr(torch.cuda, call, self._noting(call, None))
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", self.is_bf16_supported)
        monkeypatch.setattr(torch.cuda, "device", _Nothing)
        self.total_memory, self.multi_processor_count = 15 * 2**30, 40

    def is_bf16_supported(self, including_emulation=True):
        return including_emulation or self.major >= 8

    def _noting(self, call, answer):
        def noted(*_):
            self.calls.append(call)
            return answer

        return noted


class _Nothing:
    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.fixture
def t4(monkeypatch):
    return FakeCuda(monkeypatch)


@pytest.fixture
def a100(monkeypatch):
    return FakeCuda(monkeypatch, major=8, name="NVIDIA A100")


@pytest.fixture
def apple(monkeypatch):
    """A machine whose only accelerator is Apple's; notes what is asked of it."""
    calls = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    answers = {
        "recommended_max_memory": 8 * 2**30,
        "driver_allocated_memory": 2**20,
        "synchronize": None,
        "empty_cache": None,
    }
    for call, answer in answers.items():
        monkeypatch.setattr(
            torch.mps, call, lambda call=call, answer=answer: calls.append(call) or answer
        )
    return calls
