import sys

import pytest

from tests.exercises import sample


@pytest.fixture(autouse=True)
def _sample_is_importable(monkeypatch):
    monkeypatch.setitem(sys.modules, "course_lib.exercises.sample", sample)


@pytest.fixture
def exercise():
    return sample.EXERCISE
