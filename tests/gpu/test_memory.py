import threading

import pytest
import torch

from course_lib.gpu import memory as memory_module
from course_lib.gpu.memory import available_memory, free_memory, peak_memory

MIB = 2**20


def test_cuda_counts_from_an_empty_peak_and_after_waiting(t4):
    with peak_memory("cuda") as memory:
        assert t4.calls.index("synchronize") < t4.calls.index("reset_peak_memory_stats")
    assert (memory.start, memory.peak, memory.growth, memory.reserved) == (100, 700, 600, 900)


def test_apples_driver_is_read_after_its_cache_is_emptied(apple):
    with peak_memory("mps") as memory:
        pass
    assert memory.peak == 2**20
    assert apple.index("empty_cache") < apple.index("driver_allocated_memory")


def test_a_tensor_that_lives_at_the_end_is_seen(device):
    with peak_memory(device) as memory:
        block = torch.ones(64 * MIB // 4, device=device)
    assert block.numel() * 4 <= memory.growth + 4 * MIB
    assert memory.reserved >= memory.peak


def test_a_peak_between_beginning_and_end_is_sampled(monkeypatch):
    seen = threading.Event()
    readings = iter([100, 900])

    def resident():
        if threading.current_thread() is threading.main_thread() and seen.is_set():
            return 150
        value = next(readings, 120)
        if value == 900:
            seen.set()
        return value

    monkeypatch.setattr(memory_module, "resident_memory", resident)
    with peak_memory("cpu") as memory:
        assert seen.wait(5)
    assert (memory.start, memory.peak) == (100, 900)


def test_the_peak_is_known_after_an_error_and_the_sampling_stops():
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), peak_memory("cpu") as memory:
        _ = 1 / 0
    assert memory.peak >= memory.start > 0
    assert threading.active_count() == before


def test_the_line_names_what_was_counted(t4):
    t4_line = memory_module.PeakMemory(torch.device("cuda"), 0, 300 * MIB, 400 * MIB)
    assert str(t4_line) == "peak 300 MiB allocated, 300 MiB of it new; 400 MiB reserved"
    cpu_line = memory_module.PeakMemory(torch.device("cpu"), 200 * MIB, 300 * MIB, 300 * MIB)
    assert str(cpu_line) == "peak 300 MiB resident, 100 MiB of it new"


def test_what_is_left_is_asked_of_the_right_place(t4):
    assert available_memory("cuda") == 4000


def test_what_is_left_for_apple_is_what_metal_advises_less_what_is_taken(apple):
    assert available_memory("mps") == 8 * 2**30 - 2**20


def test_freeing_empties_the_cache_of_the_device_in_use(t4):
    free_memory("cuda")
    assert "empty_cache" in t4.calls


def test_freeing_on_the_processor_asks_no_accelerator(t4):
    free_memory("cpu")
    assert "empty_cache" not in t4.calls
