import os

import pytest

from tests.notebooks.core_environment import core_python
from tests.notebooks.notebook_run import ROOT, executed


@pytest.fixture
def quick_mode(tmp_path, monkeypatch):
    """Quick sizes, one thread, and a home and a folder of its own."""
    monkeypatch.setenv("COURSE_QUICK", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # notebooks run side by side here
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))  # where a run describes its kernel
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return tmp_path


@pytest.fixture
def run_notebook(quick_mode):
    """Executes a notebook's document as "Run all" does, in this environment."""
    return lambda document: executed(document, quick_mode)


@pytest.fixture
def run_in_core(quick_mode, monkeypatch):
    """Executes a notebook's document with the core alone and Colab's IPython."""
    python = core_python()
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return lambda document: executed(document, quick_mode, python)
