import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_notebook(tmp_path, monkeypatch):
    """Executes a notebook as "Run all" does, in quick mode and in a home of its own."""
    monkeypatch.setenv("COURSE_QUICK", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # notebooks run side by side here
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))

    def run(path):
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook,
            timeout=180,
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": str(tmp_path)}},
        )
        return client.execute().cells

    return run


def errors(cell):
    """Return the errors among a cell's outputs, in words."""
    return [
        f"{output.ename}: {output.evalue}"
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]


def on_stderr(cell):
    """Return what a cell wrote to stderr."""
    return "".join(
        output.text
        for output in cell.get("outputs", ())
        if output.output_type == "stream" and output.name == "stderr"
    )


def is_check(cell):
    """Return whether a cell is the check of an exercise."""
    return cell.cell_type == "code" and "session.check(" in cell.source
