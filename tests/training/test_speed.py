import torch

from course_lib.training import speed as module
from course_lib.training.speed import Speed


def test_what_is_paused_does_not_count_as_training(monkeypatch):
    clock = iter([0.0, 2.0, 7.0, 10.0, 10.0])
    monkeypatch.setattr(module.time, "perf_counter", lambda: next(clock))
    speed = Speed(torch.device("cpu"))
    speed.add(torch.tensor(8.0), torch.tensor(10.0))
    with speed.paused():
        pass
    assert speed.read()["per_second"] == 2.0
