"""The state of a run: everything that decides its next step, into a checkpoint and back.

That is more than the weights: the optimiser's running means, the average, the scaler, the position
in the data, the generators that dropout draws from, the patience used up. Leave one out, and the
run that goes on is another run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.training.averaging import WeightAverage
from course_lib.training.batches import Batches
from course_lib.training.checkpoint import (
    Checkpoint,
    CheckpointError,
    load_latest,
    save_checkpoint,
)
from course_lib.training.config import TrainingConfig
from course_lib.training.distributed import Processes
from course_lib.training.early_stopping import EarlyStopping
from course_lib.training.sharding import like, whole

FREE = ("log_every", "checkpoint_every", "keep")
"""Settings that change no weight, and so may change when a run goes on."""


class TrainingError(CourseError):
    """A run that cannot go on: its loss or its weights are no longer numbers."""


@runtime_checkable
class Run(Protocol):
    """What a run is made of, as ``loop.Trainer`` holds it."""

    model: nn.Module
    optimiser: torch.optim.AdamW
    scaler: torch.amp.GradScaler
    average: WeightAverage | None
    stopping: EarlyStopping
    batches: Batches
    config: TrainingConfig
    processes: Processes
    device: torch.device
    done: int
    loss_divisor: float


def save(run: Run, folder: Path, best: bool) -> None:
    """Write a checkpoint of the run; process 0 writes, the others help to gather what is spread.

    Raises ``TrainingError`` for weights that are no longer numbers: no run could go on from them,
    and they would push out the checkpoints from which one can.
    """
    tensors = {name: whole(tensor) for name, tensor in _tensors(run)}
    for name, tensor in tensors.items():
        if name.startswith("model.") and not tensor.isfinite().all():
            raise TrainingError(
                f"the weights after step {run.done}: {name}",
                expected="finite numbers",
                got="others",
                remedy="lower learning_rate, or clip",
            )
    for name, state in _generators(run.device).items():
        for rank, one in enumerate(run.processes.gathered(state)):
            tensors[_of(rank, name)] = one
    if run.processes.leads:
        save_checkpoint(folder, run.done, tensors, _record(run), keep=run.config.keep, best=best)


def restore(run: Run, folder: Path) -> bool:
    """Bring the run to where its newest whole checkpoint was; return whether there is one.

    Raises ``CheckpointError`` when it belongs to another model, config or order of the data, or
    does not hold all that a run needs.
    """
    checkpoint = load_latest(folder)
    if checkpoint is None:
        return False
    try:
        _refuse_another_run(run, checkpoint, folder)
        _make_optimiser_state(run)
        _take_up(run, checkpoint)
    except (LookupError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise CheckpointError(
            f"the checkpoint of step {checkpoint.record['step']} in {folder}",
            expected="all that a run needs",
            got=f"{type(error).__name__}: {error}",
            remedy="use another folder",
        ) from error
    return True


def _take_up(run: Run, checkpoint: Checkpoint) -> None:
    with torch.no_grad():
        for name, tensor in _tensors(run):
            tensor.copy_(like(tensor, checkpoint.tensors[name]))
    _set_generators(run.device, run.processes.rank, checkpoint.tensors)
    record = checkpoint.record
    run.done, run.loss_divisor = record["step"], record["loss_divisor"]
    run.stopping.best, run.stopping.waited = record["best"], record["waited"]
    run.scaler.load_state_dict(record["scaler"])
    if run.average is not None:
        run.average.updates = record["averaged"]


def load_weights(model: nn.Module, checkpoint: Checkpoint, *, averaged: bool = False) -> None:
    """Fill a model with a checkpoint's weights, or with their average.

    Raises ``CheckpointError`` when a weight is missing or of another shape.
    """
    updates, decay = checkpoint.record.get("averaged", 0), checkpoint.record["average_decay"]
    bias = 1 - decay**updates if averaged and updates else 1.0
    for name, tensor in _model_tensors(model):
        kind = "average" if averaged and f"average.{name}" in checkpoint.tensors else "model"
        found = checkpoint.tensors.get(f"{kind}.{name}")
        if found is None or found.shape != tensor.shape:
            got = "none" if found is None else tuple(found.shape)
            raise CheckpointError(f"the weight {name}", expected=tuple(tensor.shape), got=got)
        with torch.no_grad():
            tensor.copy_(found / bias if kind == "average" else found)


def _tensors(run: Run) -> Iterator[tuple[str, Tensor]]:
    names: dict[Tensor, str] = {parameter: name for name, parameter in run.model.named_parameters()}
    for name, tensor in _model_tensors(run.model):
        yield f"model.{name}", tensor
    for parameter, state in run.optimiser.state.items():
        for key, value in state.items():
            yield f"optimiser.{names[parameter]}.{key}", value
    if run.average is not None:
        for name, tensor in run.average.sums.items():
            yield f"average.{name}", tensor


def _model_tensors(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Give parameters (tied ones once) and those buffers that a state dict would hold."""
    kept = model.state_dict(keep_vars=True)
    yield from model.named_parameters()
    yield from ((name, tensor) for name, tensor in model.named_buffers() if name in kept)


def _record(run: Run) -> dict[str, Any]:
    average = run.average
    return {
        "config": asdict(run.config),
        "data": _data(run.batches),
        "loss_divisor": run.loss_divisor,
        "best": run.stopping.best,
        "waited": run.stopping.waited,
        "scaler": run.scaler.state_dict(),
        "averaged": average.updates if average else 0,
        "average_decay": average.decay if average else 0.0,
        "torch": torch.__version__,
    }


def _refuse_another_run(run: Run, checkpoint: Checkpoint, folder: Path) -> None:
    remedy = "use another folder, or go on with the same config and data"
    usual = {one.name: one.default for one in fields(run.config)}
    now, before = _plain(asdict(run.config)), checkpoint.record.get("config", {})
    changed = [
        name for name in now if name not in FREE and before.get(name, usual[name]) != now[name]
    ]
    data, old = _data(run.batches), checkpoint.record.get("data", {})
    changed += [f"{name} of the data" for name in data if old.get(name, data[name]) != data[name]]
    if changed:
        got = f"another {', '.join(sorted(changed))}"
        expected = "what it began with"
        raise CheckpointError(f"the run in {folder}", got=got, expected=expected, remedy=remedy)
    for name, tensor in _model_tensors(run.model):
        found = checkpoint.tensors.get(f"model.{name}")
        if found is None or found.shape != tensor.shape:
            expected = f"a model with {name}"
            got = "another model"
            raise CheckpointError(f"the run in {folder}", expected=expected, got=got, remedy=remedy)


def _data(batches: Batches) -> dict[str, Any]:
    """Return what decides which items a step sees: not how many processes share them."""
    return {
        "batch": batches.size * batches.world,
        "items": len(batches) * batches.size * batches.world,
        "seed": batches.seed,
        "shuffle": batches.shuffle,
    }


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in config.items()}


def _make_optimiser_state(run: Run) -> None:
    """Have AdamW make its running means, which it does in its first step: one with no gradient."""
    before = [parameter.detach().clone() for parameter in run.model.parameters()]
    for parameter in run.model.parameters():
        parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None
    run.optimiser.step()
    run.optimiser.zero_grad(set_to_none=True)
    with torch.no_grad():
        for parameter, value in zip(run.model.parameters(), before, strict=True):
            parameter.copy_(value)


def _generators(device: torch.device) -> dict[str, Tensor]:
    states = {"generator.cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["generator.cuda"] = torch.cuda.get_rng_state(device)
    if device.type == "mps":
        states["generator.mps"] = torch.mps.get_rng_state()
    return states


def _set_generators(device: torch.device, rank: int, tensors: dict[str, Tensor]) -> None:
    """Let this process draw on; one that the run had not before, or on a new device, begins."""
    if rank == 0 or _of(rank, "generator.cpu") in tensors:
        torch.set_rng_state(tensors[_of(rank, "generator.cpu")])
    if device.type == "cuda" and _of(rank, "generator.cuda") in tensors:
        torch.cuda.set_rng_state(tensors[_of(rank, "generator.cuda")], device)
    if device.type == "mps" and _of(rank, "generator.mps") in tensors:
        torch.mps.set_rng_state(tensors[_of(rank, "generator.mps")])


def _of(rank: int, name: str) -> str:
    return f"{name}.{rank}" if rank else name
