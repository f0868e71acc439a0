"""Checkpoints: all that a run needs to go on as if nothing had happened, whole or not at all.

A checkpoint is a folder, ``step-00001000``, with ``tensors.safetensors`` and ``record.json``: plain
numbers and text, no pickle, so that a stranger's file can hold nothing that runs. The folder is
written under another name and renamed when all of it lies on the disk; the record keeps the
tensors' digest, so that a damaged file is found out, and the checkpoint before it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from course_lib.errors import CourseError
from course_lib.whole_file import whole_folder, write_whole

TENSORS, RECORD, BEST = "tensors.safetensors", "record.json", "best.json"
PREFIX = "step-"


class CheckpointError(CourseError):
    """A checkpoint that is missing, cut off, changed, or not one of ours."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint holds: tensors by name, and a record that JSON can carry."""

    tensors: dict[str, Tensor]
    record: dict[str, Any]


def save_checkpoint(
    folder: Path,
    step: int,
    tensors: Mapping[str, Tensor],
    record: Mapping[str, Any],
    *,
    keep: int = 2,
    best: bool = False,
) -> Path:
    """Write the checkpoint of ``step`` below ``folder`` and return where it lies.

    The last ``keep`` and the best one stay; older ones, and what a run that was killed while it
    wrote has left, are removed. Tensors must not share memory: give tied weights once. Raises
    ``CheckpointError`` when the disk is full or can't be written; what was there is then still
    there.

    >>> import tempfile, torch
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = save_checkpoint(Path(name), 5, {"weight": torch.ones(2)}, {"loss": 3.5})
    ...     path.name, load_latest(Path(name)).record["loss"]
    ('step-00000005', 3.5)
    """
    from safetensors import SafetensorError

    target = folder / f"{PREFIX}{step:08d}"
    try:
        _forget_drafts(folder)
        with whole_folder(target) as fresh:
            _write(fresh, tensors, {**record, "step": step})
        _sync(folder)
        if best:
            _point_to_best(folder, target)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"the checkpoint {target}",
            expected="a disk that takes it",
            got=error,
            remedy="make room; the ones before it are untouched",
        ) from error
    _forget_old(folder, keep)
    return target


def load_checkpoint(path: Path) -> Checkpoint:
    """Read one checkpoint's folder.

    Raises ``CheckpointError`` for one that is not whole, changed or foreign.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        record = json.loads((path / RECORD).read_text("utf-8"))
        known = isinstance(record, dict) and isinstance(record.get("step"), int)
        if not known or "sha256" not in record:
            expected = "a record with a step and a digest"
            raise CheckpointError(f"the checkpoint {path}", expected=expected, got="another file")
        if _digest(path / TENSORS) != record["sha256"]:
            expected = "the tensors it holds"
            got = "a file that was cut off or changed"
            raise CheckpointError(f"the checkpoint {path}", expected=expected, got=got)
        return Checkpoint(load_file(path / TENSORS), record)
    except (OSError, ValueError, RecursionError, SafetensorError) as error:
        raise CheckpointError(f"the checkpoint {path}", got=str(error)) from error


def load_latest(folder: Path) -> Checkpoint | None:
    """Return the newest checkpoint that is whole; ``None`` where there never was one.

    One that is damaged is passed over with a line that says so. Raises ``CheckpointError`` when all
    of them are damaged.
    """
    paths = list(checkpoints(folder))[::-1]
    for path in paths:
        try:
            return load_checkpoint(path)
        except CheckpointError as error:
            print(f"passed over: {error}")
    if paths:
        raise CheckpointError(
            f"the checkpoints in {folder}",
            expected="one that is whole",
            got=f"{len(paths)} damaged ones",
            remedy="start the run again in another folder",
        )
    return None


def load_best(folder: Path) -> Checkpoint:
    """Return the checkpoint with the least validation loss; raises ``CheckpointError`` for none."""
    name = _best(folder)
    if name is None:
        remedy = "evaluate while training"
        raise CheckpointError(f"the best checkpoint in {folder}", got="none", remedy=remedy)
    return load_checkpoint(folder / name)


def checkpoints(folder: Path) -> Iterator[Path]:
    """Give the checkpoints' folders, the oldest first."""
    yield from sorted(path for path in folder.glob(f"{PREFIX}*") if path.is_dir())


def _write(folder: Path, tensors: Mapping[str, Tensor], record: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    on_cpu = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(on_cpu, folder / TENSORS)
    known = {**record, "sha256": _digest(folder / TENSORS)}
    (folder / RECORD).write_text(json.dumps(known, indent=1), "utf-8")
    for path in (folder / TENSORS, folder / RECORD, folder):
        _sync(path)


def _point_to_best(folder: Path, target: Path) -> None:
    write_whole(folder / BEST, json.dumps({"checkpoint": target.name}))


def _best(folder: Path) -> str | None:
    """Return the name of the best checkpoint's folder, without any path; ``None`` for none."""
    try:
        return Path(str(json.loads((folder / BEST).read_text("utf-8"))["checkpoint"])).name
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _forget_old(folder: Path, keep: int) -> None:
    best = _best(folder)
    for path in list(checkpoints(folder))[: -max(keep, 1)]:
        if path.name != best:
            shutil.rmtree(path, ignore_errors=True)


def _forget_drafts(folder: Path) -> None:
    for path in folder.glob(f".{PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
