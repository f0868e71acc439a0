"""Training with many processes: one copy of the model each, or one model spread over all.

``torchrun --nproc-per-node 2 …`` starts the processes and tells each its number in environment
variables. *Data parallel* (DDP; Li et al., 2020, https://arxiv.org/abs/2006.15704) gives every
process the whole model and a share of each batch, and averages the gradients. *Fully sharded*
(FSDP; Zhao et al., 2023, https://arxiv.org/abs/2304.11277) also spreads weights, gradients and the
optimiser's state, and gathers each block just before it is used: for models that fit no single GPU.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed, nn

from course_lib.errors import InputError
from course_lib.gpu import choose_device


@dataclass(frozen=True)
class Processes:
    """The number of one process among how many, and the device that it computes on."""

    rank: int
    world: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes logs and checkpoints."""
        return self.rank == 0

    def total(self, value: Tensor) -> Tensor:
        """Return the sum of ``value`` over all processes."""
        if self.world > 1:
            value = value.clone()
            distributed.all_reduce(value)
        return value

    def gathered(self, value: Tensor) -> list[Tensor]:
        """Return the ``value`` of every process, as many numbers in each, in their order."""
        if self.world == 1:
            return [value]
        mine = value.to(self.device)
        held = [torch.empty_like(mine) for _ in range(self.world)]
        distributed.all_gather(held, mine)
        return [one.to(value.device) for one in held]

    def from_leader(self, value: Any) -> Any:
        """Return what process 0 gave for ``value``."""
        if self.world == 1:
            return value
        held = [value]
        distributed.broadcast_object_list(held, src=0, device=self.device)
        return held[0]


@contextlib.contextmanager
def joined_processes(device: str | torch.device | None = None) -> Iterator[Processes]:
    """Join the group that ``torchrun`` has started, or stand alone where there is none.

    NCCL carries the tensors between GPUs, gloo between processors. The group is left at the end,
    after an error too.

    >>> with joined_processes("cpu") as processes:
    ...     processes.world, processes.leads
    (1, True)
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Processes(0, 1, choose_device(device))
        return
    chosen = choose_device(device)
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(chosen)
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo")
    try:
        yield Processes(distributed.get_rank(), world, chosen)
    finally:
        distributed.destroy_process_group()


def spread(model: nn.Module, processes: Processes, how: str = "data") -> nn.Module:
    """Return the model made ready for many processes: ``how`` is ``"data"`` or ``"sharded"``.

    Sharding treats each child of a ``ModuleList`` as a unit, which is a block in a transformer.
    Alone, a process gets its model back as it is. Raises ``InputError`` for another ``how``.
    """
    if how not in ("data", "sharded"):
        raise InputError("how to spread the model", expected="'data' or 'sharded'", got=repr(how))
    if processes.world == 1:
        return model
    if how == "data":
        ids = [processes.device.index] if processes.device.type == "cuda" else None
        return nn.parallel.DistributedDataParallel(model, device_ids=ids)
    return _sharded(model, processes)


def _sharded(model: nn.Module, processes: Processes) -> nn.Module:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    mesh = init_device_mesh(processes.device.type, (processes.world,))
    for module in model.modules():
        if isinstance(module, nn.ModuleList):
            for block in module:
                fully_shard(block, mesh=mesh)
    fully_shard(model, mesh=mesh)
    return model
