"""One run of a notebook, from its first cell to its last, and what came of it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
TIME_OUT = 180
LAST_CELL = """
import json as _json, os as _os, sys as _sys
_files = (getattr(module, "__file__", None) for module in list(_sys.modules.values()))
_used = sorted({file for file in _files if file and "course_lib" in file})
print(_json.dumps({"files": _used, "seconds": sum(_os.times()[:4])}))
"""


@dataclass(frozen=True)
class Run:
    """The executed cells, the library's files that they used, and the processor time they took."""

    cells: list[Any]
    files: list[str]
    seconds: float

    @property
    def checks(self) -> list[Any]:
        """The cells that check an exercise."""
        return [cell for cell in self.cells if is_check(cell)]


def executed(document: Any, folder: Path, python: str = sys.executable) -> Run:
    """Execute a notebook in a folder by the kernel of an interpreter."""
    document.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    client = NotebookClient(
        document, timeout=TIME_OUT, allow_errors=True, kernel_name=_kernel(folder, python),
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    *cells, last = client.execute().cells
    told = json.loads(last.outputs[0].text)
    return Run(cells, told["files"], told["seconds"])


def _kernel(folder: Path, python: str) -> str:
    """Describe a kernel below the folder, where ``JUPYTER_PATH`` leads to, and return its name."""
    spec = folder / "kernels" / "course"
    spec.mkdir(parents=True, exist_ok=True)
    words = {
        "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "course", "language": "python",
    }  # fmt: skip
    (spec / "kernel.json").write_text(json.dumps(words))
    return spec.name


def errors(cell: Any) -> list[str]:
    """Return the errors among a cell's outputs, in words."""
    return [
        f"{output.ename}: {output.evalue}"
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]


def on_stderr(cell: Any) -> str:
    """Return what a cell wrote to stderr."""
    return "".join(
        output.text
        for output in cell.get("outputs", ())
        if output.output_type == "stream" and output.name == "stderr"
    )


def is_check(cell: Any) -> bool:
    """Return whether a cell is the check of an exercise."""
    return cell.cell_type == "code" and "session.check(" in cell.source


def stopped(cells: list[Any]) -> list[tuple[str, list[str]]]:
    """Return the cells that ended in an error, but for those that are meant to."""
    return [
        (cell.source, errors(cell))
        for cell in cells
        if errors(cell) and "raises-exception" not in cell.metadata.get("tags", [])
    ]
