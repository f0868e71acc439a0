"""``course train``: run a recipe, on one process or on many."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from course_lib.errors import InputError


def train(
    recipe: Annotated[Path, typer.Argument(help="A recipe: see recipes/.", exists=True)],
    folder: Annotated[Path | None, typer.Option(help="Where the run lives; runs/NAME.")] = None,
    processes: Annotated[int, typer.Option(help="How many on this machine.", min=1)] = 1,
    device: Annotated[str | None, typer.Option(help="cpu, cuda or mps; the best one.")] = None,
    spreading: Annotated[str, typer.Option(help="data, or sharded for large models.")] = "data",
    tensorboard: Annotated[bool, typer.Option(help="Write TensorBoard's files too.")] = False,
) -> None:
    """Run a recipe, or go on with it where it stopped."""
    place = folder or Path("runs") / recipe.stem
    if processes > 1:
        _launch(processes)
        return
    from course_lib.training import read_recipe, run_recipe

    rows = run_recipe(
        read_recipe(recipe), place, device=device, spreading=spreading, tensorboard=tensorboard
    )
    losses = [row for row in rows if "loss" in row]
    if losses and int(os.environ.get("RANK", "0")) == 0:
        last = losses[-1]
        print(f"{place}: loss {last['loss']:.3f} at step {last['step']}; "
              "the model is in model/, all rows are in log.jsonl")  # fmt: skip


def _launch(processes: int) -> None:
    """Start this very command that many times, each told its number by ``torchrun``."""
    words = [word for word in sys.argv[1:] if not word.startswith("--processes=")]
    if "--processes" in words:
        place = words.index("--processes")
        del words[place : place + 2]
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    run = subprocess.run([sys.executable, *launcher, "-m", "course_lib.cli", *words])
    if run.returncode:
        raise InputError("the run", got=f"exit code {run.returncode}", remedy="read what is above")
