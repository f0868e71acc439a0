"""``course edit``: a source notebook as text in your own editor, nbgrader's metadata kept."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from course_lib.errors import InputError
from course_lib.whole_file import write_whole


def edit(
    notebook: Annotated[Path, typer.Argument(help="A notebook in solutions/.", exists=True)],
    editor: Annotated[str, typer.Option(envvar="EDITOR", help="Your editor.")] = "vi",
) -> None:
    """Edit a source notebook as a Python script, and put it back only when it reads well."""
    import jupytext

    before = jupytext.read(notebook)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f"{notebook.stem}.py"
        jupytext.write(before, script, fmt="py:percent")
        if subprocess.run([*shlex.split(editor), str(script)]).returncode:
            raise InputError("the editor", got="an error", remedy="the notebook is as it was")
        after = jupytext.read(script, fmt="py:percent")
        after.metadata = before.metadata
        _keep_ids(before.cells, after.cells)
        write_whole(notebook, jupytext.writes(after, fmt="ipynb"))
    print(f"{notebook}: {len(after.cells)} cells")


def _keep_ids(before: list, after: list) -> None:  # type: ignore[type-arg]
    """Give each cell the id that a cell of the same source had, so that only real changes show."""
    known = {(cell.cell_type, cell.source): cell.id for cell in before}
    for number, cell in enumerate(after):
        place = before[number].id if number < len(before) else cell.id
        cell.id = known.pop((cell.cell_type, cell.source), place)
    if len({cell.id for cell in after}) < len(after):
        for number, cell in enumerate(after):
            cell.id = f"cell-{number}"
